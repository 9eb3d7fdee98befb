import type { WordList } from './watchlist-source.ts';

/** The small words that say who did it ("by Israel") and whom it hit ("on Iran"), by language. */
const list = (rows: Readonly<Record<string, readonly string[]>>): WordList => ({
  items: Object.entries(rows).flatMap(([lang, words]) => words.map((text) => ({ text: `"${text}"`, lang }))),
  query: null,
});

export const doerMarks: WordList = list({
  en: ['by'],
  fr: ['par'],
  es: ['por'],
  pt: ['por', 'pelo', 'pela', 'pelos', 'pelas'],
  it: ['da', 'dal', 'dalla', 'dai'],
  de: ['von', 'durch', 'vom'],
  nl: ['door'],
  ru: ['со стороны'],
  fa: ['توسط', 'از سوی', 'به دست', 'از جانب'],
  ar: ['من قبل', 'على يد', 'من جانب'],
  he: ['על ידי', 'בידי', 'מצד'],
  tr: ['tarafından'],
  zh: ['被', '遭', '遭到', '受到', '由'],
  ja: ['による', 'によって'],
  hi: ['द्वारा', 'ने'],
});

export const aimMarks: WordList = list({
  en: ['on', 'against', 'at', 'in', 'into', 'to', 'toward', 'towards', 'inside'],
  fr: ['contre', 'sur', 'en', 'a', 'au', 'aux'],
  es: ['contra', 'sobre', 'a', 'al', 'en'],
  pt: ['contra', 'sobre', 'ao', 'a', 'no', 'na', 'em'],
  it: ['contro', 'su', 'sul', 'all', 'in'],
  de: ['auf', 'gegen', 'in', 'nach', 'im'],
  nl: ['op', 'tegen', 'in'],
  ru: ['по', 'на', 'против', 'в', 'во'],
  uk: ['по', 'на', 'проти', 'в', 'у'],
  fa: ['به', 'علیه', 'بر', 'ضد', 'در'],
  ar: ['على', 'ضد', 'في', 'إلى', 'باتجاه'],
  he: ['על', 'נגד', 'את', 'לעבר', 'אל'],
  zh: ['对', '向', '针对', '在'],
  hi: ['पर', 'को', 'के खिलाफ'],
  ur: ['پر', 'کے خلاف', 'کو'],
});

/** Languages that put the verb last. */
export const verbLast: readonly string[] = ['fa', 'tr', 'az', 'hi', 'ur', 'ja', 'ko', 'kk', 'ky', 'uz'];
/** Languages that may put the verb first. */
export const verbFirst: readonly string[] = ['ar', 'he'];
/** Languages that put the aim with its mark before the verb. */
export const aimBeforeVerb: readonly string[] = [...verbLast, 'zh'];
