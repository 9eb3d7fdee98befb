// Folded: й is и, ё is е, ї is і. Forms are in one order of cases, so that an adjective and its noun go together:
// nominative, genitive, dative, accusative, instrumental, prepositional; singular, then plural.

type Paradigm = readonly (readonly string[])[];

/** The forms of one word, each case a list of variants. */
function declined(word: string): Paradigm {
  const stem = (cut: number) => word.slice(0, word.length - cut);
  const rows = (base: string, ...endings: readonly string[]) =>
    endings.map((row) => row.split('/').map((ending) => base + ending));
  const c = word.at(-1) ?? '';
  const two = word.slice(-2);
  if (word.length < 3 || /\d$/.test(word)) return [[word]];
  if (isAdjective(word)) {
    const base = stem(2);
    return rows(
      base,
      'ии/ыи/ои/ая/ое/яя/ее',
      'ого/ои/его/еи',
      'ому/ои/ему/еи',
      'ого/ую/ыи/ии/ое/юю',
      'им/ым/ои/ею/ею',
      'ом/ои/ем/еи',
      'ие/ые',
      'их/ых',
      'им/ым',
      'их/ых/ие/ые',
      'ими/ыми',
      'их/ых',
    );
  }
  if (two === 'ия') return rows(stem(2), 'ия', 'ии', 'ии', 'ию', 'иеи', 'ии', 'ии', 'ии', 'иям', 'ии', 'иями', 'иях');
  if (two === 'ие' || two === 'ье')
    return rows(stem(1), 'е', 'я', 'ю', 'е', 'ем', 'и/е', 'я', 'и', 'ям', 'я', 'ями', 'ях');
  if (c === 'а') return rows(stem(1), 'а', 'ы/и', 'е', 'у', 'ои/еи/ою', 'е', 'ы/и', '', 'ам', 'ы/и/', 'ами', 'ах');
  if (c === 'я') return rows(stem(1), 'я', 'и', 'е', 'ю', 'еи/еи', 'е', 'и', 'ь/', 'ям', 'и', 'ями', 'ях');
  if (c === 'о') return rows(stem(1), 'о', 'а', 'у', 'о', 'ом', 'е', 'а', '', 'ам', 'а', 'ами', 'ах');
  if (c === 'ь') return rows(stem(1), 'ь', 'я/и', 'ю/и', 'я/ь', 'ем/ью', 'е/и', 'и', 'еи', 'ям', 'и/еи', 'ями', 'ях');
  if (c === 'и' && /[аеоуи]и$/.test(word))
    return rows(stem(1), 'и', 'я', 'ю', 'я/и', 'ем', 'е/и', 'и', 'ев', 'ям', 'ев/и', 'ями', 'ях');
  if (/[еуюыэ]$/.test(word) || c === 'и') return [[word]];
  const family = /(?:ов|ев|ин|ын)$/.test(word) ? 'ым/ом' : 'ом/ем';
  const fleeting =
    /[цк]$/.test(word) && /[ео]/.test(word.at(-2) ?? '') && word.length > 4 ? word.slice(0, -2) + c : null;
  const plain = rows(word, '', 'а', 'у', 'а/', family, 'е', 'ы/и', 'ов/ев', 'ам', 'ов/ы/и/ев', 'ами', 'ах');
  if (fleeting === null) return plain;
  const short = rows(fleeting, '', 'а', 'у', 'а', 'ом/ем', 'е', 'ы/и', 'ов/ев', 'ам', 'ов/ев', 'ами', 'ах');
  return plain.map((row, i) => (i === 0 ? row : [...row, ...(short[i] ?? [])]));
}

function isAdjective(word: string): boolean {
  return word.length > 4 && /(?:ыи|[внкскш]ои|[кгхшщжчн]ии|ая|[^оа]ое|[кгхшщжч]ие|ые)$/.test(word);
}

/** The cases of leading adjectives and the noun they go with; what follows the noun stays. */
export function slavicForms(words: readonly string[]): readonly (readonly string[])[] {
  let noun = 0;
  while (noun < words.length - 1 && isAdjective(words[noun]!)) noun++;
  const out = together(words, noun + 1);
  // A person's name declines in each of its words; nothing else in the news is two short nouns in a row.
  if (words.length === 2 && noun === 0) out.push(...together(words, 2));
  return out;
}

function together(words: readonly string[], count: number): (readonly string[])[] {
  const paradigms = words.slice(0, count).map(declined);
  const cases = Math.max(...paradigms.map((paradigm) => paradigm.length));
  const out: (readonly string[])[] = [];
  for (let i = 0; i < cases; i++) {
    let forms: string[][] = [[]];
    for (const paradigm of paradigms) {
      const row = paradigm[Math.min(i, paradigm.length - 1)] ?? [];
      forms = forms.flatMap((form) => row.map((word) => [...form, word])).slice(0, 64);
    }
    for (const form of forms) out.push([...form, ...words.slice(count)]);
  }
  return out;
}
