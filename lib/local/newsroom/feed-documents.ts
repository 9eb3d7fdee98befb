import { encodeXml } from './charsets.ts';
import type { NewsroomFeed, NewsroomStory, Wording } from './day.ts';

/** What a feed lists at one moment, newest first, and when that last changed. */
export type Listing = {
  readonly feed: NewsroomFeed;
  readonly entries: readonly Listed[];
  readonly changed: Date;
  /** `http://127.0.0.1:4711` */
  readonly site: string;
};

export type Listed = Wording & {
  readonly path: string;
  readonly published: Date;
  readonly updated: Date;
  readonly edited: boolean;
  readonly categories: readonly string[];
};

export type FeedDocument = { readonly contentType: string; readonly body: Buffer };

/** What `feed` lists at `now`. */
export function listingAt(
  feed: NewsroomFeed,
  day: readonly NewsroomStory[],
  clock: { readonly dayStart: Date; readonly now: Date },
  site: string,
): Listing {
  const time = (minutes: number) => new Date(clock.dayStart.getTime() + minutes * 60_000);
  const listed = day.filter((story) => story.feeds.includes(feed.id) && time(story.at) <= clock.now);
  const entries = listed.map((story) => {
    const edit = story.edit !== null && time(story.edit.at) <= clock.now ? story.edit : null;
    const { title, summary } = edit ?? story;
    const { path, categories } = story;
    const published = time(story.dated);
    const updated = time(edit?.at ?? story.dated);
    return {
      path,
      categories,
      title,
      summary,
      published,
      updated,
      edited: edit !== null,
      touched: time(edit?.at ?? story.at),
    };
  });
  const changed = new Date(Math.max(0, ...entries.map(({ touched }) => touched.getTime())));
  return { feed, entries: entries.reverse().slice(0, feed.newest), changed, site };
}

export function feedDocument(listing: Listing): FeedDocument {
  const { format, charset } = listing.feed;
  if (format === 'json') return { contentType: 'application/feed+json', body: Buffer.from(jsonFeed(listing)) };
  const type = format === 'rss' ? 'application/rss+xml' : 'application/atom+xml';
  const xml = `<?xml version="1.0" encoding="${charset}"?>\n${format === 'rss' ? rss(listing) : atom(listing)}`;
  return { contentType: `${type}; charset=${charset}`, body: encodeXml(xml, charset) };
}

/** RSS 2.0, https://www.rssboard.org/rss-specification */
function rss({ feed, entries, changed, site }: Listing): string {
  const items = entries.map(
    (entry) => `    <item>
      <title>${escapeXml(entry.title)}</title>
      <link>${site}${entry.path}</link>
      <guid isPermaLink="false">${feed.id}:${entry.path}${entry.edited ? '#corrected' : ''}</guid>
      <pubDate>${rfc822(entry.published)}</pubDate>
${entry.categories.map((category) => `      <category>${escapeXml(category)}</category>\n`).join('')}      <description><![CDATA[<p>${escapeXml(entry.summary)}</p>]]></description>
    </item>
`,
  );
  return `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
  <channel>
    <title>${escapeXml(feed.name)}</title>
    <link>${site}/${feed.id}</link>
    <atom:link rel="self" type="application/rss+xml" href="${site}/feeds/${feed.id}"/>
    <description>${escapeXml(feed.name)}</description>
    <language>${feed.lang}</language>
    <lastBuildDate>${rfc822(changed)}</lastBuildDate>
    <ttl>1</ttl>
${items.join('')}  </channel>
</rss>
`;
}

/** Atom 1.0, RFC 4287. Its links carry the tracking parameters that real ones do. */
function atom({ feed, entries, changed, site }: Listing): string {
  const items = entries.map(
    (entry) => `  <entry>
    <id>tag:newsroom.example,2025:${entry.path}</id>
    <title type="text">${escapeXml(entry.title)}</title>
    <link rel="alternate" type="text/html" href="${site}${entry.path}?utm_source=${feed.id}&amp;utm_medium=feed"/>
    <published>${entry.published.toISOString()}</published>
    <updated>${entry.updated.toISOString()}</updated>
${entry.categories.map((category) => `    <category term="${escapeXml(category)}"/>\n`).join('')}    <summary type="html">${escapeXml(`<p>${escapeXml(entry.summary)}</p>`)}</summary>
  </entry>
`,
  );
  return `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${feed.lang}">
  <id>tag:newsroom.example,2025:${feed.id}</id>
  <title>${escapeXml(feed.name)}</title>
  <author><name>${escapeXml(feed.name)}</name></author>
  <link rel="alternate" href="${site}/${feed.id}"/>
  <link rel="self" href="${site}/feeds/${feed.id}"/>
  <updated>${changed.toISOString()}</updated>
${items.join('')}</feed>
`;
}

/** JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/ */
function jsonFeed({ feed, entries, site }: Listing): string {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: feed.name,
    home_page_url: `${site}/${feed.id}`,
    feed_url: `${site}/feeds/${feed.id}`,
    language: feed.lang,
    items: entries.map((entry) => ({
      id: entry.path,
      url: site + entry.path,
      title: entry.title,
      summary: entry.summary,
      content_text: entry.summary,
      date_published: entry.published.toISOString(),
      ...(entry.edited ? { date_modified: entry.updated.toISOString() } : {}),
      ...(entry.categories.length > 0 ? { tags: entry.categories } : {}),
    })),
  });
}

export function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.codePointAt(0)};`);
}

function rfc822(time: Date): string {
  return time.toUTCString().replace('GMT', '+0000');
}
