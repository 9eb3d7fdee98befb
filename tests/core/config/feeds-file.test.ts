import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readFeedsFile } from '../../../lib/core/config/feeds-file.ts';

const good = {
  id: 'irna-fa',
  url: 'https://www.irna.ir/rss',
  name: 'IRNA',
  outlet: 'irna',
  tier: 1,
  lang: 'fa',
  country: 'IR',
};

/** One row in YAML, on one line each field, so that places can be counted. */
function row(fields: object): string {
  return `  - ${Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n    ')}\n`;
}
const file = (...rows: object[]) => `feeds:\n${rows.map(row).join('')}`;
const read = (text: string) => readFeedsFile(text, 'config/feeds.yaml');

test('a row of the required fields', () => {
  expect(read(file(good))).toEqual({
    feeds: [{ ...good, wire: false, everySeconds: null, paused: false, alternates: [], checked: null }],
    problems: [],
  });
});

test('a row of all fields', () => {
  const all = {
    ...good,
    wire: true,
    paused: true,
    alternates: ['https://b.example/1', 'https://b.example/2'],
    checked: { date: '2026-11-24', source: 'the page on feeds' },
  };
  const { feeds, problems } = read(file({ ...all, lang: 'zh-Hant', every: '15m' }));
  expect(problems).toEqual([]);
  expect(feeds[0]).toEqual({ ...all, lang: 'zh-hant', everySeconds: 900 });
});

const second = { ...good, id: 'b', url: 'https://b.example/' };

test.each<[string, object, string, string, number, number]>([
  ['no id', { ...good, id: undefined }, 'has no id', '"id"', 2, 5],
  ['no url', { ...good, url: undefined }, 'has no url', '"url"', 2, 5],
  ['an id with spaces', { ...good, id: 'My Feed' }, 'bad id "My Feed"', 'lower case', 2, 9],
  ['an address without scheme', { ...good, url: 'irna.ir/rss' }, 'irna.ir/rss', 'http', 3, 10],
  ['another scheme', { ...good, url: 'ftp://irna.ir/' }, 'ftp://irna.ir/', 'http', 3, 10],
  ['a password', { ...good, url: 'https://u:p@irna.ir/' }, 'password', 'leave', 3, 10],
  ['an address that is a list', { ...good, url: ['https://a.example'] }, 'bad url', 'http', 3, 10],
  ['a name that is a number', { ...good, name: 24 }, 'bad name "24"', 'quotes', 4, 11],
  ['a tier too many', { ...good, tier: 4 }, 'bad tier "4"', '1 (wire', 6, 11],
  ['a tier in quotes', { ...good, tier: '"1"' }, 'bad tier "1"', '1 (wire', 6, 11],
  ['a country for a language', { ...good, lang: 'cn' }, '"cn"', 'did you mean "zh"?', 7, 11],
  ['a language nobody speaks', { ...good, lang: 'qq' }, '"qq"', 'BCP 47', 7, 11],
  ['a language in words', { ...good, lang: 'Persian' }, 'bad lang "Persian"', 'BCP 47', 7, 11],
  ['a country in small letters', { ...good, country: 'ir' }, 'bad country "ir"', 'capital', 8, 14],
  ['every second', { ...good, every: '1s' }, 'bad every "1s"', '1m to 24h', 9, 12],
  ['every two days', { ...good, every: '2d' }, 'bad every "2d"', '1m to 24h', 9, 12],
  ['every number', { ...good, every: 15 }, 'bad every "15"', '"15m"', 9, 12],
  ['paused: yes', { ...good, paused: 'yes' }, 'bad paused "yes"', 'true or false', 9, 13],
  ['one alternate', { ...good, alternates: 'https://b.example' }, 'not a list', '- https', 9, 17],
  ['a bad alternate', { ...good, alternates: ['nope'] }, 'nope', 'http', 9, 18],
  ['checked as a date alone', { ...good, checked: '2026-11-24' }, 'bad checked', 'date:', 9, 14],
  [
    'checked on a day that is none',
    { ...good, checked: { date: '2026-02-30', source: 'x' } },
    'bad checked',
    'date:',
    9,
    14,
  ],
  ['a misspelt key', { ...good, teir: 1 }, 'unknown key "teir"', 'did you mean "tier"?', 9, 5],
  ['an unknown key', { ...good, colour: 'red' }, 'unknown key "colour"', 'the keys are id', 9, 5],
])('%s is reported with its place and remedy, and hides no other row', (_, bad, message, remedy, line, column) => {
  const { feeds, problems } = read(file(bad, second));
  expect(feeds.map(({ id }) => id)).toEqual(['b']);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject({ severity: 'error', file: 'config/feeds.yaml', line, column });
  expect(problems[0]?.message).toContain(message);
  expect(problems[0]?.remedy).toContain(remedy);
});

describe('duplicates', () => {
  test('of an id: the first stays', () => {
    const { feeds, problems } = read(file(good, { ...second, id: good.id }));
    expect(feeds).toHaveLength(1);
    expect(problems).toMatchObject([{ line: 9, message: expect.stringContaining('"irna-fa"') }]);
  });
  test.each(['https://www.irna.ir/rss', 'http://www.irna.ir/rss', 'https://WWW.irna.ir:443/rss#top'])(
    'of an address: %s',
    (url) => {
      const { feeds, problems } = read(file(good, { ...second, url }));
      expect(feeds).toHaveLength(1);
      expect(problems).toMatchObject([{ line: 10, message: expect.stringContaining('address of feed "irna-fa"') }]);
    },
  );
  test('of a key: YAML itself says so', () => {
    const { feeds, problems } = read(`${file(good)}    tier: 2\n${row(second)}`);
    expect(feeds.map(({ id }) => id)).toEqual(['b']);
    expect(problems).toMatchObject([{ line: 9, remedy: 'keep one of the two' }]);
  });
});

test.each([
  ['an empty file', ''],
  ['a list alone', '- id: a\n'],
  ['another mapping', 'watch: 1\n'],
  ['feeds that are no list', 'feeds: none\n'],
  ['feeds of nothing', 'feeds:\n'],
  ['rows that are words', 'feeds: [a, b]\n'],
  ['broken YAML', 'feeds: [\n  - "'],
  ['tabs', 'feeds:\n\t- id: a\n'],
  ['a bomb of aliases', `a: &a [x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nfeeds: [*c, *c]\n`],
  ['an alias to nothing', 'feeds: [*nope]\n'],
])('%s is a problem, never a throw', (_, text) => {
  const { feeds, problems } = read(text);
  expect(feeds).toEqual([]);
  expect(problems.length).toBeGreaterThan(0);
});

test('an empty list is a warning', () => {
  expect(read('feeds: []\n').problems).toMatchObject([{ severity: 'warning' }]);
});

test('a row may be written in one line, and share parts by an anchor', () => {
  const text = `feeds:
  - {id: a, url: "https://a.example/", name: A, outlet: a, tier: 2, lang: en, country: GB, checked: &c {date: 2026-11-24, source: s}}
  - {id: b, url: "https://b.example/", name: B, outlet: b, tier: 2, lang: en, country: GB, checked: *c}
`;
  expect(read(text)).toMatchObject({ problems: [], feeds: [{ id: 'a' }, { id: 'b', checked: { source: 's' } }] });
});

describe('config/feeds.yaml', () => {
  const { feeds, problems } = read(readFileSync(new URL('../../../config/feeds.yaml', import.meta.url), 'utf8'));

  test('has no problem', () => {
    expect(problems).toEqual([]);
  });
  test('lists sixty feeds or more in the languages of the subject, twelve at least', () => {
    expect(feeds.length).toBeGreaterThanOrEqual(60);
    const languages = new Set(feeds.map(({ lang }) => lang));
    expect(languages.size).toBeGreaterThanOrEqual(12);
    for (const lang of ['en', 'fa', 'ar', 'he', 'zh', 'ru', 'fr', 'es', 'de', 'tr', 'hi', 'ur', 'kk', 'uz']) {
      expect(languages).toContain(lang);
    }
  });
  test('asks publishers themselves, and says where each address was found', () => {
    for (const feed of feeds) {
      expect(feed.url).not.toMatch(/news\.google|rsshub|rss\.app|feedburner|rss2json|politepol/);
      expect(feed.checked?.source.length, feed.id).toBeGreaterThan(10);
    }
  });
  test('gives every feed of one host group at most as many as a shard holds', () => {
    const hosts = Map.groupBy(feeds, ({ url }) => new URL(url).host);
    expect(Math.max(...[...hosts.values()].map((group) => group.length))).toBeLessThanOrEqual(40);
  });
});
