import { arabicForms, hebrewForms, persianForms } from './inflect-semitic.ts';
import { slavicForms } from './inflect-slavic.ts';

/**
 * The forms of a name or term in its language, the one given first: plurals, cases, prefixed articles and prepositions.
 * Generous on purpose: a form that nobody writes matches nothing. Languages without rules give the words as they are.
 */
export function inflected(words: readonly string[], lang: string): readonly (readonly string[])[] {
  const rule = rules[lang];
  if (rule === undefined || words.length === 0) return [words];
  const seen = new Map<string, readonly string[]>();
  for (const form of [words, ...rule(words)]) seen.set(form.join(' '), form);
  return [...seen.values()];
}

type Rule = (words: readonly string[]) => readonly (readonly string[])[];

/** English nouns and verbs, regular: strike → strikes, striking, striked; stop → stopped; deny → denies, denied. */
export function englishForms(word: string): readonly string[] {
  const forms = [word];
  const doubled = /^(?:[^aeiou]*[aeiou][bdgklmnprt])$/.test(word) ? word + word.at(-1) : word;
  if (/[^aeiou]y$/.test(word)) forms.push(`${word.slice(0, -1)}ies`, `${word.slice(0, -1)}ied`, `${word}ing`);
  else if (word.endsWith('e')) forms.push(`${word}s`, `${word}d`, `${word.slice(0, -1)}ing`);
  else if (/(?:s|x|z|ch|sh)$/.test(word)) forms.push(`${word}es`, `${doubled}ed`, `${doubled}ing`);
  else forms.push(`${word}s`, `${doubled}ed`, `${doubled}ing`);
  if (doubled !== word) forms.push(`${word}ed`, `${word}ing`);
  return forms;
}

function lastWord(endings: (word: string) => readonly string[]): Rule {
  return (words) => endings(words.at(-1)!).map((form) => [...words.slice(0, -1), form]);
}

const adding =
  (...suffixes: readonly string[]) =>
  (word: string): readonly string[] =>
    /\d$/.test(word) || word.length < 2 ? [word] : suffixes.map((suffix) => word + suffix);

function englishPlural(word: string): readonly string[] {
  if (/\d$/.test(word) || word.length < 2) return [word];
  if (/[^aeiou]y$/.test(word)) return [`${word.slice(0, -1)}ies`];
  return /(?:s|x|z|ch|sh)$/.test(word) ? [`${word}es`] : [`${word}s`];
}

function french(word: string): readonly string[] {
  const forms = [`${word}s`, `${word}x`];
  if (/(?:ien|een)$/.test(word)) forms.push(`${word}ne`, `${word}nes`);
  else if (/[^e]$/.test(word)) forms.push(`${word}e`, `${word}es`);
  if (word.endsWith('al')) forms.push(`${word.slice(0, -2)}aux`);
  return forms;
}

function romance(word: string): readonly string[] {
  const forms = [`${word}s`, `${word}es`];
  const stem = word.slice(0, -1);
  if (word.endsWith('o')) forms.push(`${stem}a`, `${stem}os`, `${stem}as`, `${stem}i`, `${stem}e`);
  if (word.endsWith('a')) forms.push(`${stem}e`, `${stem}o`);
  if (word.endsWith('e')) forms.push(`${stem}i`);
  if (/[sln]$/.test(word)) forms.push(`${word}a`, `${word}as`);
  if (word.endsWith('z')) forms.push(`${stem}ces`);
  if (/on$/.test(word)) forms.push(`${word}i`);
  if (word.endsWith('ao')) forms.push(`${word.slice(0, -2)}oes`);
  return forms;
}

function german(word: string): readonly string[] {
  return ['e', 'en', 'er', 'es', 'em', 'n', 's', 'in', 'innen'].map((suffix) => word + suffix);
}

// Folded: ı is i, ö is o, ü is u, ş is s, ç is c, ğ is g. So one ending stands for two or four.
const turkishEndings =
  'a e ya ye i yi u yu da de ta te dan den tan ten in nin un nun la le yla yle lar ler lara lere lari leri larin lerin larda lerde lardan lerden larla lerle si su sini sina sine sinin sinda sinde ina ine inda inde indan inden ini inin una une unda unde unu daki deki taki teki na ne ni nda nde ndan nden mi'.split(
    ' ',
  );

function turkic(word: string): readonly string[] {
  const forms = turkishEndings.map((ending) => word + ending);
  if (word.endsWith('k')) forms.push(...turkishEndings.map((ending) => `${word.slice(0, -1)}g${ending}`));
  return forms;
}

const kazakhEndings =
  'ны ні ды ді ты ті ның нің дың дің тың тің га ға ге ка қа ке на не да де та те нда нде дан ден тан тен нан нен мен бен пен лар лер дар дер тар тер лары лері дары дері тары тері ы і сы сі ын ін ында інде ына іне сын сін дық дік тық тік лық лік'.split(
    ' ',
  );
const uzbekEndings =
  'ni ning ga ka qa da dan lar larni larning larga larda lardan i si ini ining iga ida idan sini sining siga sida sidan lari larining'.split(
    ' ',
  );

function kazakh(word: string): readonly string[] {
  return kazakhEndings.map((ending) => word + ending);
}

function uzbek(word: string): readonly string[] {
  return uzbekEndings.map((ending) => word + ending);
}

function hindi(word: string): readonly string[] {
  const forms = ['ों', 'ें', 'ो', 'े', 'ी', 'ियों', 'ियां', 'ियाँ'].map((ending) => word + ending);
  if (/[ाी]$/.test(word)) forms.push(...['े', 'ों', 'ी', 'ियों', 'ियां', 'ा'].map((ending) => word.slice(0, -1) + ending));
  return forms;
}

const rules: Readonly<Record<string, Rule>> = {
  en: lastWord(englishPlural),
  fr: lastWord(french),
  es: lastWord(romance),
  it: lastWord(romance),
  pt: lastWord(romance),
  de: lastWord(german),
  nl: lastWord(adding('e', 'en', 's')),
  tr: lastWord(turkic),
  az: lastWord(turkic),
  kk: lastWord(kazakh),
  ky: lastWord(kazakh),
  uz: lastWord(uzbek),
  hi: lastWord(hindi),
  ur: lastWord(adding('وں', 'یں', 'ات', 'ی')),
  ru: slavicForms,
  uk: slavicForms,
  be: slavicForms,
  ar: arabicForms,
  fa: persianForms,
  he: hebrewForms,
};
