import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { countUntil, type SimulatedFeed, seeded } from '../newsroom-feeds.ts';
import { storyText } from './story-text.ts';

export type FeedServers = {
  /** False while nobody measures: then they answer at once. */
  takeTheirTime: boolean;
  readonly hostPorts: readonly string[];
  readonly counts: { requests: number; unchanged: number; bytesOut: number; bytesIn: number; waitedMs: number };
  feedsYaml(): string;
  stop(): Promise<void>;
};

/** Entries that a feed lists. */
const listed = 30;
/**
 * How long a publisher takes to answer, name, handshake and all: half within 0.2 s, one in twenty over 1 s, one in a
 * hundred over 2 s. An assumption, log-normal; the function waits for it, and waiting is paid.
 */
const medianMs = 200;
const spread = 1;
const longestMs = 5_000;

/**
 * Feeds over real HTTP on this machine, each at a port of its own as publishers have hosts of their own, with ETag and 304
 * told by what is listed, max-age and ttl as the rhythm says, and the time publishers take to answer.
 */
export async function startFeedServers(feeds: readonly SimulatedFeed[], now: () => number): Promise<FeedServers> {
  const counts = { requests: 0, unchanged: 0, bytesOut: 0, bytesIn: 0, waitedMs: 0 };
  const random = seeded(77);
  const servers = feeds.map((feed, index) =>
    createServer((request, response) => {
      const waitMs = own.takeTheirTime ? Math.min(longestMs, medianMs * Math.exp(spread * gaussian(random))) : 0;
      counts.requests += 1;
      counts.waitedMs += waitMs;
      counts.bytesIn += requestBytes(request.rawHeaders) + (request.url?.length ?? 0) + 15;
      setTimeout(() => {
        const published = countUntil(feed.times, now());
        const etag = `"${createHash('sha1').update(`${index} ${published}`).digest('hex').slice(0, 12)}"`;
        if (feed.hasValidators) response.setHeader('etag', etag);
        if (feed.maxAgeSeconds !== null) response.setHeader('cache-control', `max-age=${feed.maxAgeSeconds}`);
        response.setHeader('connection', 'close');
        if (feed.hasValidators && request.headers['if-none-match'] === etag) {
          counts.unchanged += 1;
          response.writeHead(304).end();
          return;
        }
        const body = gzipSync(rss(feed, index, published));
        counts.bytesOut += body.length;
        response
          .writeHead(200, { 'content-type': 'application/rss+xml; charset=utf-8', 'content-encoding': 'gzip' })
          .end(body);
      }, waitMs);
    }),
  );
  const hostPorts: string[] = [];
  for (const server of servers) hostPorts.push(await listen(server));
  const own: FeedServers = {
    takeTheirTime: true,
    hostPorts,
    counts,
    feedsYaml: () =>
      JSON.stringify({
        feeds: hostPorts.map((host, index) => ({
          id: `newsroom-${index}`,
          url: `http://${host}/news/feed.xml`,
          name: `Newsroom ${index}`,
          outlet: `newsroom-${index}`,
          tier: 1 + (index % 3),
          lang: 'en',
          country: 'GB',
          checked: { date: '2026-11-24', source: 'a server of this simulation' },
        })),
      }),
    async stop() {
      for (const server of servers) server.closeAllConnections();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
  return own;
}

function rss(feed: SimulatedFeed, index: number, published: number): string {
  const items = feed.times
    .slice(Math.max(0, published - listed), published)
    .reverse()
    .map((time) => {
      const { title, summary, content } = storyText(index, time);
      const body = content === null ? '' : `<content:encoded><![CDATA[<p>${content}</p>]]></content:encoded>`;
      return (
        `<item><title>${title}</title><link>http://newsroom-${index}.example/news/2026/11/${time}/story</link>` +
        `<guid isPermaLink="false">${index}-${time}</guid><pubDate>${new Date(time).toUTCString()}</pubDate>` +
        `<description>${summary}</description>${body}<category>World</category></item>`
      );
    });
  const ttl = feed.ttlMinutes === null ? '' : `<ttl>${feed.ttlMinutes}</ttl>`;
  return (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">' +
    `<channel><title>Newsroom ${index}</title><link>http://newsroom-${index}.example/</link>${ttl}${items.join('')}</channel></rss>`
  );
}

/** Box and Muller's way to a normal number. */
function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function requestBytes(rawHeaders: readonly string[]): number {
  return rawHeaders.reduce((sum, part) => sum + part.length + 2, 0);
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
