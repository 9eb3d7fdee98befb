/** Media types under which pages name their feeds, best first. */
const feedTypes = ['application/atom+xml', 'application/rss+xml', 'application/feed+json', 'application/rdf+xml'];

/** Of a page: as many links and bytes as are looked at. A page's head comes first. */
const mostText = 500_000;
const mostFound = 20;

/**
 * The feeds that a page names by `<link rel="alternate">` (RSS Autodiscovery), absolute, in the page's order. Feeds of
 * comments come last, for nobody means them. Linear in the text.
 */
export function findFeeds(html: string, pageUrl: string): readonly string[] {
  const found: { url: string; isComments: boolean }[] = [];
  const head = html.slice(0, mostText);
  for (const tag of linkTags(head)) {
    const attributes = attributesOf(tag);
    const rel = (attributes.get('rel') ?? '').toLowerCase().split(/\s+/);
    const type = (attributes.get('type') ?? '').toLowerCase().split(';')[0] ?? '';
    const href = attributes.get('href')?.replaceAll('&amp;', '&');
    if (!rel.includes('alternate') || !feedTypes.includes(type) || href === undefined || !URL.canParse(href, pageUrl))
      continue;
    const url = new URL(href, pageUrl);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') continue;
    found.push({ url: url.href, isComments: /comment/i.test(`${href} ${attributes.get('title') ?? ''}`) });
    if (found.length === mostFound) break;
  }
  const ordered = [...found.filter(({ isComments }) => !isComments), ...found.filter(({ isComments }) => isComments)];
  return [...new Set(ordered.map(({ url }) => url))];
}

function* linkTags(html: string): Generator<string> {
  const lower = html.toLowerCase();
  for (let at = lower.indexOf('<link'); at !== -1; at = lower.indexOf('<link', at + 5)) {
    const end = html.indexOf('>', at);
    if (end === -1) return;
    yield html.slice(at + 5, Math.min(end, at + 4_000));
  }
}

function attributesOf(tag: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single, bare] of tag.matchAll(
    /([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g,
  )) {
    attributes.set(name.toLowerCase(), double ?? single ?? bare ?? '');
  }
  return attributes;
}
