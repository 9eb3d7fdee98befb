import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { type NewsroomFeed, type NewsroomStory, readDay, readNewsroomFeeds } from './day.ts';
import { escapeXml, feedDocument, type Listing, listingAt } from './feed-documents.ts';

export type NewsroomOptions = {
  /** Decides what is published: usually a clock that runs faster than ours. */
  readonly now: () => Date;
  readonly dayStart: Date;
  readonly host?: '127.0.0.1';
  /** A free one if none is given, or if something else listens there. */
  readonly port?: number;
};

export type Newsroom = {
  readonly url: string;
  /** What `--allow-host` needs. */
  readonly hostPort: string;
  /** A feeds.yaml whose addresses lead here. */
  readonly feedsYaml: string;
  readonly day: readonly NewsroomStory[];
  stop(): Promise<void>;
};

/** Serves the bundled day's feeds and pages on loopback, each as far as it is published by the clock. */
export async function startNewsroom(options: NewsroomOptions): Promise<Newsroom> {
  const feeds = readNewsroomFeeds();
  const day = readDay();
  const host = options.host ?? '127.0.0.1';
  const server = createServer((request, response) => {
    const site = `http://${host}:${(server.address() as AddressInfo).port}`;
    answer(request, response, { ...options, feeds, day, site });
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  await listen(options.port ?? 0).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    return listen(0);
  });
  const hostPort = `${host}:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${hostPort}`,
    hostPort,
    feedsYaml: feedsYaml(feeds, `http://${hostPort}`, options.dayStart),
    day,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function feedsYaml(feeds: readonly NewsroomFeed[], site: string, dayStart: Date): string {
  const checked = { date: dayStart.toISOString().slice(0, 10), source: 'the bundled newsroom' };
  return stringify({
    feeds: feeds.map(({ id, outlet, name, tier, wire, lang, country }) => ({
      id,
      url: `${site}/feeds/${id}`,
      name,
      outlet,
      tier,
      wire,
      lang,
      country,
      every: '1m',
      checked,
    })),
  });
}

type House = NewsroomOptions & {
  readonly feeds: readonly NewsroomFeed[];
  readonly day: readonly NewsroomStory[];
  readonly site: string;
};

function answer(request: IncomingMessage, response: ServerResponse, house: House): void {
  const { pathname } = new URL(request.url ?? '/', house.site);
  const now = house.now();
  const minutes = (now.getTime() - house.dayStart.getTime()) / 60_000;
  const feed = house.feeds.find(({ id }) => pathname === `/feeds/${id}`);
  if (feed?.down && minutes >= feed.down[0] && minutes < feed.down[1]) {
    return send(response, 502, 'text/plain', 'the presses are being repaired\n');
  }
  if (feed !== undefined) {
    const listing = listingAt(feed, house.day, { dayStart: house.dayStart, now }, house.site);
    return sendFeed(request, response, listing);
  }
  const story = house.day.find(({ path, at }) => path === pathname && at <= minutes);
  if (story !== undefined) return send(response, 200, 'text/html; charset=utf-8', pageOf(story, minutes, house.feeds));
  send(response, 404, 'text/plain', 'not found\n');
}

function sendFeed(request: IncomingMessage, response: ServerResponse, listing: Listing): void {
  const { contentType, body } = feedDocument(listing);
  const { validators } = listing.feed;
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  // To the second, as HTTP dates are.
  const lastModified = listing.changed.toUTCString();
  if (validators === 'etag') response.setHeader('ETag', etag);
  if (validators === 'last-modified') response.setHeader('Last-Modified', lastModified);
  response.setHeader('Cache-Control', 'max-age=60');
  const since = Date.parse(request.headers['if-modified-since'] ?? '');
  const unchanged =
    (validators === 'etag' && request.headers['if-none-match'] === etag) ||
    (validators === 'last-modified' && since >= Date.parse(lastModified));
  if (unchanged) {
    response.writeHead(304).end();
    return;
  }
  response.setHeader('Content-Type', contentType);
  if (!/\bgzip\b/.test(request.headers['accept-encoding']?.toString() ?? '')) {
    response.end(body);
    return;
  }
  response.setHeader('Content-Encoding', 'gzip');
  response.end(gzipSync(body));
}

function pageOf(story: NewsroomStory, minutes: number, feeds: readonly NewsroomFeed[]): string {
  const { title, summary } = story.edit !== null && story.edit.at <= minutes ? story.edit : story;
  const feed = feeds.find(({ id }) => id === story.feeds[0]);
  return `<!doctype html>
<html lang="${feed?.lang ?? 'en'}" dir="auto">
<meta charset="utf-8">
<title>${escapeXml(title)}</title>
<h1>${escapeXml(title)}</h1>
<p>${escapeXml(summary)}</p>
<p>${escapeXml(feed?.name ?? '')}</p>
`;
}

function send(response: ServerResponse, status: number, contentType: string, text: string): void {
  response.writeHead(status, { 'Content-Type': contentType }).end(text);
}
