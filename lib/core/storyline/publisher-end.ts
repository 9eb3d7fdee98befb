import { foldedSource } from '../watchlist/folded-source.ts';

const longestTail = 60;
const separator = /\s(?:[-–—|｜·•]|--)\s/gu;
const joiner = /^(?:of|the|and|for|in|on|de|la|le|el|del|y|al)$/;
const domain =
  /\.(?:com|org|net|gov|edu|info|tv|news|io|co|uk|au|in|ie|ca|eu|fr|de|es|it|ir|ru|cn|tr|il|ae|sa|qa)\)?$/i;
const publisherWord =
  /\b(?:news|times|post|journal|herald|tribune|guardian|telegraph|gazette|chronicle|press|daily|today|magazine|review|report|radio|tv|television|network|online|media|wire|week|weekly|mirror|observer|independent|standard|sun|star|globe|examiner|dispatch|bulletin|courier|register|sentinel|inquirer|reuters|bloomberg|bbc|cnn|cnbc|msnbc|npr|pbs|abc|cbs|nbc|fox|ap|afp|upi|dw|rt|wsj|axios|politico|xinhua|tass|interfax|irna|fars|tasnim|press tv|al jazeera|france 24|sky|itv|forbes|fortune|variety|deadline|vox|salon|time|newsweek|yahoo|msn|marketwatch|nasdaq|verge|engadget|techcrunch|mashable|wired)\b/i;

/**
 * Where a title ends before " - Publisher": the part after its last dash or bar, where that names the story's source,
 * is a web address, holds a word that publishers are called by, or is two to five names in a row after a full title.
 */
export function publisherEnd(title: string, source: string): number {
  const at = lastSeparator(title);
  if (at === null) return title.length;
  const tail = title.slice(at.end).trim();
  return isPublisher(tail, source, title.slice(0, at.start)) ? at.start : title.length;
}

function lastSeparator(title: string): { readonly start: number; readonly end: number } | null {
  const from = Math.max(0, title.length - longestTail - 4);
  let last: { start: number; end: number } | null = null;
  for (const found of title.slice(from).matchAll(separator)) {
    last = { start: from + found.index, end: from + found.index + found[0].length };
  }
  return last === null || last.start < 8 ? null : last;
}

function isPublisher(tail: string, source: string, head: string): boolean {
  if (tail === '' || tail.length > longestTail) return false;
  if (source !== '' && namesSource(foldedSource(tail), foldedSource(source))) return true;
  const words = tail.split(/\s+/);
  if (
    words.length > 6 ||
    !words.every((word) => joiner.test(word) || /^[\p{Lu}\p{N}(&]/u.test(word) || domain.test(word))
  )
    return false;
  if (domain.test(tail) || publisherWord.test(tail)) return true;
  return words.length > 1 && words.length <= 5 && head.split(/\s+/).length >= 5 && !/\p{N}/u.test(tail);
}

/** "BBC" for "BBC News" and the other way round, by whole words. */
function namesSource(tail: string, source: string): boolean {
  return tail !== '' && (`${source} `.startsWith(`${tail} `) || `${tail} `.startsWith(`${source} `));
}
