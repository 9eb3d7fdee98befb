/** What bot walls alone write into their pages. Lower case. */
const wallWords = [
  'cf-chl',
  'challenge-platform',
  'px-captcha',
  'incapsula incident',
  'just a moment...',
  'attention required!',
  'are you a robot',
  'enable javascript and cookies',
];

/** Said by walls, and by ordinary pages with a comment form: counted in a page with little else in it. */
const wallWordsOfSmallPages = ['captcha', 'access denied', 'request unsuccessful', 'ddos protection', 'are you human'];
const smallPage = 16_384;

const lookedAt = 32_768;

/** Whether an answer is a web page, as far as its first bytes and its declared type say. */
export function looksLikePage(body: Uint8Array, contentType: string | null): boolean {
  const start = opening(body).trimStart();
  if (start.startsWith('<!doctype html') || start.startsWith('<html')) return true;
  return (contentType ?? '').toLowerCase().startsWith('text/html') && start.includes('<body');
}

/** Whether a page is a bot wall rather than a page about something: told apart from a feed that is merely gone. */
export function looksLikeWall(body: Uint8Array, contentType: string | null): boolean {
  if (!looksLikePage(body, contentType)) return false;
  const start = opening(body);
  const words = body.byteLength <= smallPage ? [...wallWords, ...wallWordsOfSmallPages] : wallWords;
  return words.some((word) => start.includes(word));
}

/** Latin-1 shows ASCII in any charset that a wall is written in. */
function opening(body: Uint8Array): string {
  return Buffer.from(body.subarray(0, lookedAt)).toString('latin1').toLowerCase().replace(/^ï»¿/, '');
}
