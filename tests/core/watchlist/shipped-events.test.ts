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
  [
    'a Hebrew truce that takes force holds no blow in that word',
    'he',
    'נכנסה לתוקף הבוקר: ההפוגה מול איראן, והעורף חוזר לשגרה',
    '2025-06-24',
    ['israel-iran-ceasefire'],
  ],
  [
    'the weapons of a Hebrew armistice are no arms deal',
    'he',
    'סין מברכת על שביתת הנשק של איראן ומקווה שתאריך ימים',
    '2025-06-25',
    ['israel-iran-ceasefire'],
  ],
  ['the war of Iran and Iraq is another one', 'he', 'ארבעים שנה למלחמת איראן-עיראק: הלוחמים זוכרים', '2025-09-22', []],
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
