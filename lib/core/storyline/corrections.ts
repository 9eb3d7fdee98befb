import { wordsIn } from './words-in.ts';

/**
 * Words by which a title says that it denies, retracts or corrects, by language: the Arabic for "denied" is the Persian
 * for "oil". Who rejects, disputes or clarifies takes back nothing that was told.
 */
const byLanguage: Readonly<Record<string, ReadonlySet<string>>> = {
  en: wordSet(
    'deny denies denied denying denial denials refute refutes refuted rebut rebuts debunk debunks debunked retract retracts ' +
      'retracted retraction corrected correction corrections',
  ),
  fr: wordSet(
    'dement dementi dementis dementent nie nient refute refutent rectifie rectification rectificatif retracte',
  ),
  es: wordSet('desmiente desmienten desmintio desmentido niega niegan nego rectifica rectificacion retracta'),
  de: wordSet(
    'dementiert dementieren dementi bestreitet bestritt leugnet berichtigung korrektur widerruft zuruckgewiesen',
  ),
  tr: wordSet('yalanladi yalanlandi yalanliyor tekzip duzeltme'),
  ru: wordSet('опроверг опровергла опровергли опровергает опровержение отрицает отрицают исправление поправка'),
  ar: wordSet('ينفي تنفي نفى نفت ينفون نفي تكذيب تصحيح'),
  fa: wordSet('تکذیب انکار اصلاحیه تصحیح'),
  ur: wordSet('تردید تصحیح'),
  hi: wordSet('खंडन'),
  he: wordSet('מכחיש מכחישה מכחישים הכחיש הכחישה הכחישו הכחשה הבהרה'),
  // Titles arrive as pairs of characters.
  zh: new Set(['否认', '辟谣', '更正', '撤回', '驳斥', '勘误']),
};

function wordSet(words: string): ReadonlySet<string> {
  return new Set(wordsIn(words));
}

/** True where the title itself says that it denies, retracts or corrects. An unknown language is read as any. */
export function saysItCorrects(words: readonly string[], title: string, lang: string): boolean {
  if (/^\s*(?:correct(?:ion|ed)|clarification|retraction)\b/i.test(title)) return true;
  const known = byLanguage[lang];
  const lists = known === undefined && lang.startsWith('und') ? Object.values(byLanguage) : [known];
  return words.some((word) => lists.some((list) => list?.has(word)));
}
