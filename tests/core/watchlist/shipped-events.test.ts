import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileWatchlist } from '../../../lib/core/watchlist/compile.ts';
import { matchInOrder } from '../../../lib/core/watchlist/match-in-order.ts';
import { createMatcher } from '../../../lib/core/watchlist/matcher.ts';
import { readWatchlist } from '../../../lib/core/watchlist/watchlist-file.ts';

const { watchlist } = readWatchlist(readFileSync('config/watchlist.yaml', 'utf8'), 'config/watchlist.yaml');
const matcher = createMatcher(compileWatchlist(watchlist!));

/** The events of one story by itself, as the shipped watchlist reads it. */
function eventsOf(lang: string, title: string, day: string): readonly string[] {
  const story = { title, summary: '', lang, source: 'desk', published: `${day}T12:00:00Z` };
  return [...matchInOrder(matcher, [story])[0]!.events].sort();
}

// One row for each kind of reading, in words of no evaluation set.
test.each([
  [
    'a next round that is promised is the war',
    'ar',
    'تل أبيب: إعادة بناء الصواريخ الإيرانية تقرب جولة أخرى',
    '2025-12-27',
    ['israel-iran-war'],
  ],
  [
    'the same in French',
    'fr',
    "Mar-a-Lago: Nétanyahou plaide pour un second round contre l'Iran",
    '2025-12-29',
    ['israel-iran-war'],
  ],
  [
    'a raid on a town of Iran is the war while it lasts',
    'en',
    'Cars queue for hours as air raids rock Tabriz',
    '2025-06-17',
    ['israel-iran-war'],
  ],
  ['and none half a year later', 'en', 'Actors rehearse air raids for Tabriz stage', '2025-12-17', []],
  [
    'a truce may be broken without being named',
    'ru',
    'Израиль и Иран, по его словам, нарушили договорённость',
    '2025-06-24',
    ['israel-iran-ceasefire'],
  ],
  ["another war's breaches are not these", 'en', 'Lebanon accuses Israel of truce breaches', '2025-11-18', []],
  [
    "America's paper on enrichment is the talks",
    'fa',
    'پیام تازهٔ کاخ سفید دربارهٔ پروندهٔ هسته‌ای به تهران رسید',
    '2026-02-10',
    ['us-iran-nuclear-talks'],
  ],
  [
    'delegations that never meet hold talks',
    'ar',
    'لم يلتق الوفدان الإيراني والأميركي وجها لوجه',
    '2026-02-07',
    ['us-iran-nuclear-talks'],
  ],
  [
    'a blow that America weighs is no event',
    'en',
    'Trump sets two-week window to decide on Iran strike',
    '2025-06-19',
    [],
  ],
  ['war powers are politics, not the raid', 'en', 'Johnson calls war powers push on Iran a stunt', '2025-06-24', []],
  ['what is struck may be a bargain', 'en', 'US struck deal with Japan on cars, Trump says', '2025-06-25', []],
  [
    "a finger on the sanctions' trigger is the regime",
    'es',
    'Europa aprieta el gatillo de las sanciones a Irán',
    '2025-08-29',
    ['nuclear-nonproliferation'],
  ],
  [
    'the nuclear watchdog elsewhere is not',
    'en',
    'Nuclear watchdog warns over Zaporizhzhia power cuts',
    '2025-07-15',
    [],
  ],
  [
    'names that one border alone has need no state',
    'en',
    "Rajnath's four steps for the LAC, five years after Galwan",
    '2025-06-27',
    ['india-china-defense-contact'],
  ],
  [
    "Persian desks leave Iran unsaid beside China's salt",
    'fa',
    'دو هزار تن پرکلرات؛ بار کشتی‌هایی از چین',
    '2025-10-29',
    ['china-iran-missile-chemicals'],
  ],
  [
    'guns that are cased are the truce, in Russian metaphor',
    'ru',
    'Тегеран и Иерусалим зачехлили пушки',
    '2025-06-25',
    ['israel-iran-ceasefire'],
  ],
  [
    'a threat with the gates of hell is the war',
    'ru',
    'КСИР сулит израильтянам врата ада',
    '2025-07-19',
    ['israel-iran-war'],
  ],
  [
    'guarantees of peace are not the safeguards of the IAEA',
    'ru',
    'Пезешкиан: нам нужны гарантии спокойного лета',
    '2025-07-09',
    [],
  ],
  ['a gas blast in a block of flats is no blow of the war', 'ru', 'В жилом доме Тебриза взрыв газа', '2025-06-20', []],
  ["a summit of another year is not The Hague's", 'ru', 'Лидеры НАТО вспоминали Вильнюс', '2025-06-24', []],
  [
    'a raid on a site that is only weighed is not the raid',
    'en',
    'Cabinet debates possible damage at Natanz',
    '2025-06-23',
    [],
  ],
  ['the same told of the president', 'ru', 'Трамп рассматривает возможность удара по Фордо', '2025-06-23', []],
  [
    'a condemned B-2 raid needs no Iran in the text',
    'ru',
    'Пекин возмущён: рейд B-2 попрал международное право',
    '2025-06-23',
    ['china-condemns-strikes', 'us-strike-iran-nuclear-sites'],
  ],
  [
    "a minister's first journey to the other capital is their contact, in Russian",
    'ru',
    'Министр обороны Индии летит в Китай',
    '2025-06-24',
    ['india-china-defense-contact'],
  ],
  [
    'Persian: the aggression whose victim goes unsaid is the war',
    'fa',
    'پیکر سه شهید تجاوز رژیم صهیونیستی در زنجان تشییع شد',
    '2025-06-27',
    ['israel-iran-war'],
  ],
  ['and not where another country is bombed', 'fa', 'شهدای تجاوز رژیم صهیونیستی به جنوب لبنان', '2025-06-27', []],
  [
    'Persian: missiles that fell silent are the truce',
    'fa',
    'موشک‌های ایران و اسرائیل از ساعت هفت خاموش شدند',
    '2025-06-24',
    ['israel-iran-ceasefire'],
  ],
  [
    'Persian: America, by attacking, has attacked',
    'fa',
    'بقایی: آمریکا با یورش به مراکز هسته‌ای ایران دیپلماسی را کشت',
    '2025-06-23',
    ['us-strike-iran-nuclear-sites'],
  ],
  [
    "and a guard that attacks America's base is none of these",
    'fa',
    'سپاه شبانه به پایگاه آمریکا حمله کرد',
    '2025-06-23',
    [],
  ],
  [
    'Persian: a call to a third leader is no talks',
    'fa',
    'ترامپ در گفت‌وگو با مکرون به ایران هم پرداخت',
    '2025-07-04',
    [],
  ],
  [
    "Persian: inspections of cars are not the agency's",
    'fa',
    'طرح تازه بازرسی کامیون‌ها و خودروها در ایران',
    '2025-07-04',
    [],
  ],
  [
    'Persian: chemicals are no missile fuel by themselves',
    'fa',
    'خرید مواد شیمیایی صنعتی ایران از چین دو برابر شد',
    '2025-07-04',
    [],
  ],
  [
    'Persian: a text that stayed in the drawer is the quarrel',
    'fa',
    'متن پیشنهادی وزرای دفاع شانگهای در کشو ماند',
    '2025-06-27',
    ['sco-defense-meeting', 'sco-joint-statement-dispute'],
  ],
  [
    'a cellar beside both sides is the war',
    'en',
    'A Haifa pianist plays in the cellar while sirens answer Khamenei',
    '2025-06-16',
    ['israel-iran-war'],
  ],
  [
    'arms laid down are the truce',
    'en',
    'Israel and Iran lay down their weapons at dawn',
    '2025-06-24',
    ['israel-iran-ceasefire'],
  ],
  [
    'nights without a missile are the truce and no blow',
    'en',
    'Israelis and Iranians count ten nights without a missile',
    '2025-07-04',
    ['israel-iran-ceasefire'],
  ],
  [
    'a numbered round in Muscat is the talks',
    'en',
    'Iran has not decided on a seventh round in Muscat',
    '2025-07-10',
    ['us-iran-nuclear-talks'],
  ],
  [
    'a friend who stays out of the fight tells of defence ties',
    'en',
    'No guns for Tehran: why China stayed out of the fight',
    '2025-06-30',
    ['iran-china-defense-ties'],
  ],
  ['and his metros tell of none', 'en', 'Isfahan awaits Chinese-built metro carriages', '2025-09-30', []],
  ['an alliance as a likeness is no summit', 'en', 'Why there will be no Asian NATO', '2025-06-24', []],
  [
    'shots and people killed are no truce, in French',
    'fr',
    'Nuit de tirs : onze Iraniens tués par une salve israélienne',
    '2025-06-19',
    ['israel-iran-war'],
  ],
  [
    'a defence that is Chinese is no chess opening',
    'fr',
    'Le ministre de la Défense chinois reçoit ses pairs de l’OCS à Tsingtao',
    '2025-06-25',
    ['sco-defense-meeting'],
  ],
  [
    'weapons laid away are a truce in French',
    'fr',
    'Israéliens et Iraniens remisent les armes après douze jours',
    '2025-06-25',
    ['israel-iran-ceasefire'],
  ],
  [
    'what is supplied to a capital is supplied to its government',
    'fr',
    'Pékin aurait livré en secret des radars à Téhéran',
    '2025-07-08',
    ['iran-china-defense-ties'],
  ],
  [
    'inspectors who leave a town do not flee it',
    'fr',
    'Les limiers de l’atome quittent Téhéran',
    '2025-06-24',
    ['nuclear-nonproliferation'],
  ],
  [
    'Iran thanks China from state to state',
    'fr',
    'L’Iran remercie la Chine de son appui pendant la guerre',
    '2025-06-27',
    ['iran-china-defense-ties'],
  ],
  ['another country’s uranium is not Iran’s', 'fr', 'Uranium : Orano quitte sa mine au Niger', '2025-06-25', []],
])('%s', (_, lang, title, day, events) => {
  expect(eventsOf(lang, title, day)).toEqual(events);
});

test.each([
  ['ru', 'Китайский суп с лапшой за двадцать минут'],
  ['ar', 'شاي هندي بالهيل: وصفة الشتاء'],
  ['fr', 'Salade iranienne aux herbes, un dîner prêt en dix minutes'],
])('a dish that is named after a country does not name it (%s)', (lang, title) => {
  expect(matchInOrder(matcher, [{ title, summary: '', lang, source: 'desk', published: null }])[0]!.entities).toEqual(
    [],
  );
});
