// All words here are folded: alef forms are one, yeh is Persian yeh, kaf is Persian kaf, teh marbuta is heh.

const arabicPrefixes = ['', 'و', 'ف', 'ب', 'ل', 'ک', 'ول', 'وب', 'فب', 'فل', 'س', 'وس'];
const arabicDefinite = ['ال', 'وال', 'بال', 'فال', 'کال', 'لل', 'ولل', 'وبال', 'فلل'];

/** Conjunctions, prepositions and the article before the first word; feminine and plural of adjectives in -i. */
export function arabicForms(words: readonly string[]): readonly (readonly string[])[] {
  const bases = [words, ...agreeing(words)];
  const out: (readonly string[])[] = [];
  for (const [i, [first = '', ...rest]] of bases.entries()) {
    // Rare prefixes before rare endings are rarer than the room they would take.
    const [prefixes, definite] =
      i === 0
        ? [arabicPrefixes, arabicDefinite]
        : [
            ['', 'و', 'ب', 'ل'],
            ['ال', 'وال', 'بال', 'لل'],
          ];
    const bare = first.startsWith('ال') && first.length > 4 ? first.slice(2) : first;
    const isDefinite = bare !== first;
    if (!isDefinite) for (const prefix of prefixes) out.push([prefix + first, ...rest]);
    const restDefinite = rest.map((word) => (word.startsWith('ال') ? word : `ال${word}`));
    for (const prefix of definite) {
      out.push([prefix + bare, ...rest]);
      // "the" goes before each word of a name with an adjective, and before the last of a possessive pair.
      if (rest.length > 0) out.push([prefix + bare, ...restDefinite]);
    }
    if (rest.length > 0 && !isDefinite) {
      const lastDefinite = [...rest.slice(0, -1), restDefinite.at(-1)!];
      for (const prefix of prefixes) out.push([prefix + first, ...lastDefinite]);
    }
  }
  return out;
}

function agreeing(words: readonly string[]): readonly (readonly string[])[] {
  const last = words.at(-1)!;
  const before = words.slice(0, -1);
  const forms: string[] = [];
  if (last.endsWith('ی') && last.length > 3)
    forms.push(...['ه', 'ون', 'ین', 'ا', 'ات', 'تین', 'تان'].map((ending) => last + ending));
  if (last.endsWith('ه') && last.length > 3) {
    const stem = last.slice(0, -1);
    forms.push(`${stem}ات`, `${stem}ت`, `${stem}تها`, `${stem}تین`);
  } else if (last.length > 2 && before.length === 0) forms.push(`${last}ا`, `${last}ات`, `${last}ها`, `${last}ه`);
  return forms.map((form) => [...before, form]);
}

const persianEndings = [
  'ی',
  'ای',
  'یی',
  'ها',
  'های',
  'هایی',
  'هایش',
  'هایشان',
  'ان',
  'انی',
  'اش',
  'شان',
  'ش',
  'یها',
  'یهای',
  'ام',
  'مان',
];

/** Ezafe, the indefinite, plurals and possessives, joined or after a ZWNJ (which folding drops). */
export function persianForms(words: readonly string[]): readonly (readonly string[])[] {
  const last = words.at(-1)!;
  const before = words.slice(0, -1);
  const out: (readonly string[])[] = persianEndings.map((ending) => [...before, last + ending]);
  if (last.endsWith('ه')) out.push([...before, `${last.slice(0, -1)}گان`], [...before, `${last.slice(0, -1)}گی`]);
  if (before.length > 0) {
    const [first = '', ...rest] = words;
    for (const ending of ['ی', 'های', 'ان']) out.push([first + ending, ...rest]);
  }
  return out;
}

const hebrewPrefixes = 'ה ב ל מ ו ש כ וה וב ול ומ וש שה שב של שמ כש כשה מה'.split(' ');
/** Before several words the rarer pairs are rarer than the room they would take. */
const hebrewPhrasePrefixes = 'ה ב ל מ ו ש וה שה מה'.split(' ');

/** Article, prepositions and conjunctions before the first word; the article before the last of a construct pair. */
export function hebrewForms(words: readonly string[]): readonly (readonly string[])[] {
  const bases: (readonly string[])[] = [words];
  const last = words.at(-1)!;
  const before = words.slice(0, -1);
  if (before.length > 0 && !last.startsWith('ה')) bases.push([...before, `ה${last}`]);
  if (last.endsWith('י') && last.length > 3) {
    for (const ending of ['ת', 'ם', 'ים', 'ות']) bases.push([...before, last + ending]);
    if (before.length > 0) bases.push([...before.map((word) => `ה${word}`), `ה${last}`]);
  }
  const out: (readonly string[])[] = [];
  for (const base of bases) {
    const [first = '', ...rest] = base;
    out.push(base);
    const prefixes = rest.length === 0 ? hebrewPrefixes : hebrewPhrasePrefixes;
    for (const prefix of prefixes) out.push([prefix + first, ...rest]);
  }
  return out;
}
