import { expect, test } from 'vitest';
import { canonicalUrl } from '../../../lib/core/feed/canonical-url.ts';

test.each([
  ['https://Harbour.Example/Crane', 'https://harbour.example/Crane'],
  ['http://harbour.example:80/crane#top', 'http://harbour.example/crane'],
  ['https://harbour.example:8443/crane/', 'https://harbour.example:8443/crane/'],
  ['https://harbour.example', 'https://harbour.example/'],
  ['https://harbour.example/?', 'https://harbour.example/'],
  ['https://harbour.example/??', 'https://harbour.example/??'],
  ['https://harbour.example/a?utm_source=rss&UTM_Medium=feed&utm%5Fcampaign=x', 'https://harbour.example/a'],
  ['https://harbour.example/a?at_campaign=64&at_medium=RSS&xtor=RSS-1', 'https://harbour.example/a'],
  ['https://harbour.example/a?fbclid=1&gclid=2&msclkid=3&mc_cid=4&mc_eid=5', 'https://harbour.example/a'],
  ['https://harbour.example/a?b=2&a=1&utm_term=x&c', 'https://harbour.example/a?b=2&a=1&c'],
  ['https://harbour.example/a?id=%E6%B8%AF&q=a+b', 'https://harbour.example/a?id=%E6%B8%AF&q=a+b'],
  ['https://harbour.example/a?ref=front&page=2&source=port', 'https://harbour.example/a?ref=front&page=2&source=port'],
  ['https://harbour.example/a?%zz=1&utm_source=x', 'https://harbour.example/a?%zz=1'],
  ['https://user:secret@harbour.example/a', 'https://harbour.example/a'],
  ['https://bücher.example/ü', 'https://xn--bcher-kva.example/%C3%BC'],
  ['javascript:alert(1)', null],
  ['/relative', null],
  ['', null],
])('%s', (address, canonical) => {
  expect(canonicalUrl(address)).toBe(canonical);
});
