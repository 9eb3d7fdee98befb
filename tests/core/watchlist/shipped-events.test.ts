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
    'a blow on an Israeli town is the war while it lasts, in Arabic',
    'ar',
    'صاروخ يصيب حيا في عسقلان وانتشال أربعة',
    '2025-06-18',
    ['israel-iran-war'],
  ],
  ['and a thunderclap over it is none', 'ar', 'دوي رعد وبرق فوق عسقلان', '2025-06-18', []],
  ["an operation's name is the war", 'ar', 'الملاحة الجوية تتوقف ليلة الوعد الصادق', '2025-06-14', ['israel-iran-war']],
  [
    "a truce may be the two sides' agreement",
    'ar',
    'إيران وإسرائيل: الاتفاق ما زال صامدا',
    '2025-06-26',
    ['israel-iran-ceasefire'],
  ],
  [
    "a slap to the Charter is China's blame, and the raid it blames",
    'ar',
    'الصين: قصف الولايات المتحدة لإيران صفعة للميثاق الأممي',
    '2025-06-23',
    ['china-condemns-strikes', 'us-strike-iran-nuclear-sites'],
  ],
  [
    "a minister's pen that is kept is a quarrel over the statement",
    'ar',
    'وزراء دفاع شنغهاي لم يتفقوا على صيغة موحدة',
    '2025-06-27',
    ['sco-defense-meeting', 'sco-joint-statement-dispute'],
  ],
  [
    "another summit in another city is not The Hague's",
    'ar',
    'قادة الناتو وعدوا كييف في قمة فيلنيوس',
    '2025-06-20',
    [],
  ],
  [
    "a drop of a refinery's teapot is oil",
    'ar',
    'عقوبات أميركية على مصفاة من أباريق الشاي',
    '2025-08-22',
    ['china-iran-oil-trade'],
  ],
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

test.each([
  ['a capital that is warned is its government', 'الكرملين يحذر طهران من العزلة', ['iran', 'russia']],
  ['a capital where something is shown is a place', 'معرض للخزف في متاحف طهران', []],
  ["China's army under its own name is China", 'جيش التحرير الشعبي ينهي تمرينا ليليا', ['china']],
  ['the bloc under the name of its city', 'زعماء شانغهاي يوقعون ميثاقا للبيئة', ['sco']],
  ['the city itself is nobody', 'مطار شنغهاي يستقبل مسافره المليون', []],
  ['the Washington Post is no government', 'صحفية من واشنطن بوست تنال جائزة', []],
  ['White Russia is Belarus alone', 'روسيا البيضاء تزرع البطاطا مبكرا', ['belarus']],
  ["Indochina is neither India's nor China's", 'رواية عن مزارع الهند الصينية قبل قرن', []],
])('in Arabic, %s', (_, title, entities) => {
  const story = { title, summary: '', lang: 'ar', source: 'desk', published: null };
  expect([...matchInOrder(matcher, [story])[0]!.entities].sort()).toEqual(entities);
});
