import { expect, test } from 'vitest';
import { findFeeds } from '../../../lib/core/feed/find-feeds.ts';

const page = 'https://news.example/world/index.html';
const link = (attributes: string) => `<html><head><link ${attributes}></head></html>`;

test.each<[string, string, readonly string[]]>([
  ['an RSS feed', link('rel="alternate" type="application/rss+xml" href="/rss.xml"'), ['https://news.example/rss.xml']],
  [
    'single quotes and capitals',
    link("REL='Alternate' TYPE='Application/Atom+XML' HREF='atom.xml'"),
    ['https://news.example/world/atom.xml'],
  ],
  [
    'no quotes',
    link('rel=alternate type=application/feed+json href=feed.json'),
    ['https://news.example/world/feed.json'],
  ],
  [
    'an address with entities',
    link('rel="alternate" type="application/rss+xml" href="/f?a=1&amp;b=2"'),
    ['https://news.example/f?a=1&b=2'],
  ],
  [
    'a type with parameters',
    link('rel="alternate" type="application/rss+xml; charset=utf-8" href="/rss"'),
    ['https://news.example/rss'],
  ],
  ['a style sheet', link('rel="stylesheet" type="text/css" href="/a.css"'), []],
  ['a translation of the page', link('rel="alternate" hreflang="fr" href="/fr"'), []],
  ['another scheme', link('rel="alternate" type="application/rss+xml" href="javascript:alert(1)"'), []],
  ['no head at all', '', []],
  ['a tag that never ends', '<link rel="alternate" type="application/rss+xml" href="/rss"', []],
])('%s', (_, html, urls) => {
  expect(findFeeds(html, page)).toEqual(urls);
});

test('feeds of comments come last, and each feed once', () => {
  const html = [
    link('rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed"'),
    link('rel="alternate" type="application/rss+xml" href="/feed"'),
    link('rel="alternate" type="application/rss+xml" href="https://news.example/feed"'),
  ].join('');
  expect(findFeeds(html, page)).toEqual(['https://news.example/feed', 'https://news.example/comments/feed']);
});

test('a page of a hundred thousand unclosed links is looked at in part', () => {
  expect(findFeeds('<link '.repeat(100_000), page)).toEqual([]);
});
