/**
 * An address in a feed made absolute against the nearest base that makes it so; null where it is not http or https in
 * the end, so that no `javascript:`, `data:` or `file:` link leaves this room.
 */
export function absoluteUrl(address: string, bases: readonly (string | null | undefined)[]): string | null {
  // `&amp;` in CDATA, or escaped twice: no address holds it.
  const text = address
    .replace(/[\t\n\r]/g, '')
    .replaceAll('&amp;', '&')
    .trim();
  if (text === '') return null;
  const own = URL.parse(text);
  if (own !== null) return isWeb(own) ? asPublished(text, own) : null;
  const base = resolvedBase(bases);
  const url = base === null ? null : URL.parse(text, base);
  return url !== null && isWeb(url) ? url.href : null;
}

/** The base that the given ones make, nearest first, each perhaps relative to the next (XML Base, section 4). */
function resolvedBase(bases: readonly (string | null | undefined)[]): string | null {
  let base: string | null = null;
  for (const candidate of bases.toReversed()) {
    const text = candidate?.trim();
    if (!text) continue;
    const url: URL | null = base === null ? URL.parse(text) : URL.parse(text, base);
    if (url !== null && isWeb(url)) base = url.href;
  }
  return base;
}

/** Byte for byte where it stands for itself; parsed and written anew where it holds what no address may hold. */
function asPublished(text: string, url: URL): string {
  if (url.username === '' && url.password === '' && !/[\s<>"\\^`{|}]/.test(text) && /^https?:\/\/[^/]/i.test(text)) {
    return text;
  }
  url.username = '';
  url.password = '';
  return url.href;
}

function isWeb(url: URL): boolean {
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '';
}
