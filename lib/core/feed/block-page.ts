/** What bot walls write into their pages. Lower case; found in the first bytes only. */
const wallWords = [
  'captcha',
  'cf-chl',
  'challenge-platform',
  'just a moment...',
  'attention required!',
  'access denied',
  'are you a robot',
  'are you human',
  'ddos protection',
  'px-captcha',
  'incapsula incident',
  'request unsuccessful',
  'enable javascript and cookies',
];

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
  return wallWords.some((word) => start.includes(word));
}

/** Latin-1 shows ASCII in any charset that a wall is written in. */
function opening(body: Uint8Array): string {
  return Buffer.from(body.subarray(0, lookedAt)).toString('latin1').toLowerCase().replace(/^ï»¿/, '');
}
