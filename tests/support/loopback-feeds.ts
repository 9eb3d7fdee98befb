import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type LoopbackStory = {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly published: Date;
};

export type LoopbackFeeds = {
  /** One `host:port` a feed: each feed has an address of its own, as on the net. */
  readonly hostPorts: readonly string[];
  readonly urls: readonly string[];
  /** Stories of a feed, newest first; what is put in is served from the next request on. */
  readonly stories: readonly LoopbackStory[][];
  /** Called as a response with stories leaves. */
  onServed: (feed: number) => void;
  readonly requests: number[];
  feedsYaml(every?: string): string;
  stop(): Promise<void>;
};

/** Real RSS feeds over real HTTP on 127.0.0.1, each on a free port of its own, since hosts have budgets of their own. */
export async function startLoopbackFeeds(count: number): Promise<LoopbackFeeds> {
  const stories: LoopbackStory[][] = Array.from({ length: count }, () => []);
  const requests = new Array<number>(count).fill(0);
  const servers = stories.map((own, feed) =>
    createServer((_, response) => {
      requests[feed] = (requests[feed] ?? 0) + 1;
      response.writeHead(200, { 'content-type': 'application/rss+xml; charset=utf-8' });
      response.end(rss(feed, own), () => feeds.onServed(feed));
    }),
  );
  const hostPorts = await Promise.all(servers.map(listen));
  const urls = hostPorts.map((host, feed) => `http://${host}/feed-${feed}.xml`);
  const feeds: LoopbackFeeds = {
    hostPorts,
    urls,
    stories,
    requests,
    onServed: () => {},
    feedsYaml: (every = '1m') =>
      JSON.stringify({
        feeds: urls.map((url, feed) => ({
          id: `feed-${feed}`,
          url,
          name: `Feed ${feed}`,
          outlet: `outlet-${feed}`,
          tier: 1,
          lang: 'en',
          country: 'GB',
          every,
          checked: { date: '2026-11-24', source: 'a server of this test' },
        })),
      }),
    async stop() {
      for (const server of servers) server.closeAllConnections();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
  return feeds;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function rss(feed: number, stories: readonly LoopbackStory[]): string {
  const items = stories.map(
    ({ id, title, summary, published }) =>
      `<item><guid isPermaLink="false">${id}</guid><link>http://stories.example/${feed}/${id}</link><title>${title}</title>` +
      `<description>${summary}</description><pubDate>${published.toUTCString()}</pubDate></item>`,
  );
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>Feed ${feed}</title><link>http://stories.example/</link>${items.join('')}</channel></rss>`;
}
