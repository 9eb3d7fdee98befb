export type FeedFormat = 'rss' | 'rdf' | 'atom';

type FoundRoot = { readonly format: FeedFormat; readonly isEntry: boolean };

/** Whether an element is the root of a feed, of something that is none, or neither. Bare channels and entries are feeds. */
export function rootNamed(qualified: string): FoundRoot | 'none' | 'not-a-feed' {
  const name = qualified.toLowerCase();
  const local = name.slice(name.indexOf(':') + 1);
  if (local === 'rss' || local === 'channel') return { format: 'rss', isEntry: false };
  if (local === 'rdf') return { format: 'rdf', isEntry: false };
  if (local === 'feed') return { format: 'atom', isEntry: false };
  if (local === 'entry') return { format: 'atom', isEntry: true };
  return ['html', 'opml', 'urlset', 'sitemapindex', 'svg'].includes(local) ? 'not-a-feed' : 'none';
}
