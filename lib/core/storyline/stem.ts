const latin = /^[a-z]+$/;
const cyrillic = /^[\u0400-\u04ff]+$/;
const arabic = /^[\u0600-\u06ff]+$/;
const vowel = /[aeiouy]/;

/**
 * One form for the forms of a word, near enough to count words by: English plurals and verb endings go, Russian words
 * keep what their cases leave alone, Arabic ones lose their article. Takes a folded word.
 */
export function stem(word: string): string {
  if (word.length < 4) return word;
  if (latin.test(word)) return latinStem(word);
  if (cyrillic.test(word)) return word.slice(0, Math.max(4, word.length - 2));
  if (arabic.test(word)) return word.replace(/^(?:و?ال|لل)(?=..)/, '');
  return word;
}

function latinStem(word: string): string {
  let rest = word;
  if (rest.endsWith('ies') && rest.length > 4) return `${rest.slice(0, -3)}y`;
  if (/(?:s|x|z|ch|sh)es$/.test(rest)) rest = rest.slice(0, -2);
  else if (rest.endsWith('s') && !/(?:ss|us|is)$/.test(rest)) rest = rest.slice(0, -1);
  if (rest.endsWith('ing')) rest = withoutVerbEnding(rest, 3);
  else if (rest.endsWith('ed')) rest = withoutVerbEnding(rest, 2);
  if (rest.endsWith('e') && rest.length > 3) rest = rest.slice(0, -1);
  return rest.length > 8 ? rest.replace(/(?:ation|ition|ment|ness)$/, '') : rest;
}

/** "tapping" gives "tap", "sing" stays. */
function withoutVerbEnding(word: string, length: number): string {
  const rest = word.slice(0, -length);
  if (rest.length < 3 || !vowel.test(rest)) return word;
  return /([^aeiouls])\1$/.test(rest) ? rest.slice(0, -1) : rest;
}
