import { wordsOf } from '../text/words-of.ts';
import { publisherEnd } from './publisher-end.ts';

/** Longer titles are read so far: no newsroom writes them, and a hostile one must cost no more than others. */
const longestTitle = 300;
const mostWords = 24;
const longestWord = 24;
const longestKey = 240;

const singleLetter =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]$/u;
const digits = /^\d+$/;
const label =
  /^\s*(?:(?:breaking|exclusive|update|refile|watch|video|live)(?:\s+(?:news|updates?|\d{1,2}))?\s*[:|-]\s*)+/i;

const magnitudes: Readonly<Record<string, string>> = {
  ...{ m: 'million', mn: 'million', mln: 'million', mio: 'million', bn: 'billion', b: 'billion', tn: 'trillion' },
  ...{ k: 'thousand' },
};
const counted: Readonly<Record<string, string>> = Object.fromEntries(
  'two three four five six seven eight nine ten eleven twelve'.split(' ').map((word, i) => [word, String(i + 2)]),
);

/**
 * The words of a title in their order, folded, without its publisher: what copies of one text share. Numbers are written
 * alike ("1,400" and "1400", "$2M" and "2 million", "five" and "5"); scripts without spaces give pairs of characters.
 */
export function titleWords(title: string, source: string): readonly string[] {
  const text = withoutLabel(title.slice(0, longestTitle).toWellFormed());
  const words = joined(text.slice(0, publisherEnd(text, source)));
  let length = 0;
  let end = 0;
  while (end < words.length && end < mostWords && length + words[end]!.length < longestKey) {
    length += words[end]!.length + 1;
    end++;
  }
  return end === words.length ? words : words.slice(0, end);
}

/** "UPDATE 1-", "Watch:" and their like say how the desk sends a story, not which. */
function withoutLabel(text: string): string {
  const found = label.exec(text);
  return found === null ? text : text.slice(found[0].length);
}

function joined(text: string): readonly string[] {
  const tokens = wordsOf(text);
  const words: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const { word, end } = tokens[i]!;
    const next = tokens[i + 1];
    if (isSingleLetter(word)) {
      if (next !== undefined && next.start === end && isSingleLetter(next.word)) words.push(word + next.word);
      else if (i === 0 || tokens[i - 1]!.end !== tokens[i]!.start) words.push(word);
      continue;
    }
    if (word.charCodeAt(0) > 0x39) {
      words.push(counted[word] ?? (word.length > longestWord ? word.slice(0, longestWord) : word));
      continue;
    }
    let number = word;
    let at = end;
    let follower = next;
    while (digits.test(number.replace('.', '')) && follower?.start === at + 1 && /^\d/.test(follower.word)) {
      const between = text[at];
      if (between === ',' && /^\d{3}(?!\d)/.test(follower.word)) number += follower.word;
      else if (between === '.' && !number.includes('.')) number += `.${follower.word}`;
      else break;
      at = follower.end;
      follower = tokens[++i + 1];
    }
    words.push(...(number.length > longestWord ? [number.slice(0, longestWord)] : numberAndMagnitude(number)));
  }
  return words;
}

/** A character of a script that writes no spaces; the first of them is Thai. */
function isSingleLetter(word: string): boolean {
  return word.length < 3 && word.charCodeAt(0) >= 0x0e00 && singleLetter.test(word);
}

function numberAndMagnitude(number: string): readonly string[] {
  const parts = /^([\d.]+)([a-z]+)$/.exec(number);
  const magnitude = parts === null ? undefined : magnitudes[parts[2]!];
  if (magnitude !== undefined) return [parts![1]!, magnitude];
  return [number];
}
