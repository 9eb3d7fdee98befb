import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, test } from 'vitest';
import { itemBytes } from '../../lib/adapters/store/item-size.ts';
import { packMatchRow, unpackMatchRow } from '../../lib/adapters/store/pack-match.ts';
import { cutToBytes, isStoredTitle, packStory, unpackStory } from '../../lib/adapters/store/pack-story.ts';
import type { MatchRow, StoredStory } from '../../lib/pipeline/ports/story-store.ts';
import { aStory } from './store-suite.ts';

const seen = '2026-11-24T09:00:00.000Z';
const persian = 'نشست وزیران دفاع سازمان همکاری شانگهای در چینگدائو با تأکید بر آتش‌بس پایان یافت ';
const chinese = '上海合作组织成员国国防部长会议在青岛举行，各方就停火与地区安全交换意见。';
const english = 'Defence ministers of the Shanghai Cooperation Organisation met in Qingdao on Thursday. ';
// No two sentences alike, as in real text: a repeated one would compress to nothing.
const varied = (text: string, times: number) =>
  Array.from(
    { length: times },
    (_, index) => `${text}${index * 7919}${String.fromCodePoint(0x4e00 + index * 13)}`,
  ).join(' ');

const targets = Array.from({ length: 14 }, (_, index) => `entity-with-a-rather-long-name-${index}`);

function heavy(text: string, fields: Partial<StoredStory> = {}): StoredStory {
  return aStory('AbCdEfGhIjKlMnOpQrStUv', {
    feed: 'a-feed-with-a-rather-long-name-fa',
    outlet: 'an-outlet-with-a-long-name',
    url: `https://www.outlet.example/world/2026/11/24/${'a-long-slug-'.repeat(12)}`,
    title: varied(text, 12),
    summary: varied(text, 30),
    content: varied(text, 3_000),
    authors: Array.from({ length: 9 }, (_, index) => `${text} ${index}`),
    categories: Array.from({ length: 30 }, (_, index) => `${text} ${index}`),
    revisions: Array.from({ length: 10 }, (_, index) => ({ at: seen, title: `${index} ${varied(text, 6)}` })),
    trace: `a-feed-with-a-rather-long-name-fa@${seen}`,
    undecidedSince: seen,
    match: {
      entities: targets.slice(0, 8),
      events: targets.slice(8),
      priority: 'critical',
      watchlist: 'abcdef012345',
      evidence: Array.from({ length: 60 }, (_, index) => ({
        target: targets[index % targets.length] ?? '',
        field: 'content' as const,
        start: index * 1_000,
        end: index * 1_000 + 80,
        text: text.slice(0, 80),
      })),
    },
    ...fields,
  });
}

/** The row as the store writes it, weighed by AWS's rule on the wire format, apart from our own estimate. */
function weight(story: StoredStory): number {
  const row = marshall(
    {
      pk: `STORY#${story.id}`,
      sk: 'STORY',
      ...packStory(story),
      ...(story.undecidedSince === null ? {} : { workPk: 'WORK#match', workSk: story.undecidedSince }),
      kind: 'story',
      v: 1,
      expires: 1_798_000_000,
    },
    { removeUndefinedValues: true },
  );
  return Object.entries(row).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + wireBytes(value), 0);
}

function wireBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined)
    return Math.ceil(value.N.replace(/[-.]/g, '').length / 2) + 1 + Number(value.N.startsWith('-'));
  if (value.B !== undefined) return value.B.byteLength;
  if (value.L !== undefined) return 3 + value.L.reduce((sum, inner) => sum + 1 + wireBytes(inner), 0);
  if (value.M !== undefined) {
    return (
      3 +
      Object.entries(value.M).reduce((sum, [name, inner]) => sum + 1 + Buffer.byteLength(name) + wireBytes(inner), 0)
    );
  }
  if (value.BOOL !== undefined || value.NULL !== undefined) return 1;
  throw new Error(`a type the rows do not use: ${JSON.stringify(value)}`);
}

test.each([
  ['Persian', heavy(persian)],
  ['Chinese', heavy(chinese)],
  ['English', heavy(english)],
  ['emoji', heavy('🕊️🇮🇷🤝🇮🇱 ')],
  ['no match, no earlier titles', heavy(persian, { match: null, revisions: [], undecidedSince: null })],
  ['an address of 600 bytes', heavy(english, { url: `https://outlet.example/${'a'.repeat(577)}`, revisions: [] })],
  [
    'content that does not compress',
    heavy(chinese, {
      content: Array.from({ length: 9_000 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * 7919) % 20_000))).join(''),
    }),
  ],
])('a story heavy in every part weighs two write units at most: %s', (_, story) => {
  expect(weight(story)).toBeLessThanOrEqual(2_048);
  // And not for want of keeping anything.
  const kept = unpackStory({ pk: '', sk: '', ...packStory(story) });
  expect(kept.title.length).toBeGreaterThan(40);
  expect(kept.url).toBe(story.url);
  expect(kept.match?.entities).toEqual(story.match?.entities);
  expect(kept.match?.evidence.length ?? 2).toBeGreaterThanOrEqual(2);
});

test('our own weighing agrees with the wire', () => {
  for (const story of [heavy(persian), heavy(english), aStory('plain')]) {
    const packed = packStory(story);
    const wire = marshall(packed, { removeUndefinedValues: true });
    const weighed = Object.entries(wire).reduce(
      (sum, [name, value]) => sum + Buffer.byteLength(name) + wireBytes(value),
      0,
    );
    expect(itemBytes(packed)).toBe(weighed);
  }
});

test.each<[string, Partial<StoredStory>, number, number]>([
  ['two write units where it matched', { match: heavy(english).match, undecidedSince: seen }, 2_048, 600],
  ['one where it matched nothing', {}, 1_024, 500],
])('the room that a short story leaves is filled with content: %s', (_, fields, most, least) => {
  // Digits of an irrational number: text that compresses about as prose does.
  const body = Array.from({ length: 800 }, (_, index) =>
    Math.sqrt(index + 2)
      .toString(36)
      .slice(2, 9),
  ).join(' ');
  const story = aStory('AbCdEfGhIjKlMnOpQrStUv', { content: body, ...fields });
  expect(weight(story)).toBeGreaterThan(0.93 * most);
  expect(weight(story)).toBeLessThanOrEqual(most);
  const { content } = unpackStory({ pk: '', sk: '', ...packStory(story) });
  expect(story.content.startsWith(content)).toBe(true);
  expect(content.length).toBeGreaterThan(least);
});

test('a row that was packed under layout 2 is read as long as there are such rows', () => {
  const packed = Buffer.from(
    'q4Z5OykpGdnnEC6m55OSkvVSKxJzC3JS9Q2RQsKzKDFPobggNTG7GCVQbiy6serGlkcNPTdW3NhMKIQMDXWNTEIMLHGHEEKFIdYQUnLUUwgvyixJLVJCDyyl8PyinBQlfGGGxX59AwMj9DCrBQA=',
    'base64',
  );
  const row = { pk: 'STORY#AbC', sk: 'STORY', v: 2, packed, content: Buffer.from('c8pPqQQA', 'base64') };
  expect(unpackStory(row)).toEqual({
    id: 'AbC',
    feed: 'bbc',
    outlet: 'bbc',
    url: 'https://www.bbc.example/1',
    title: 'Iran speaks',
    summary: 'آتش‌بس',
    content: 'Body',
    lang: 'en',
    published: '2026-11-24T09:00:00.000Z',
    seen: '2026-11-24T09:01:00.000Z',
    authors: ['A. Writer'],
    categories: ['World'],
    tell: true,
    trace: '2026-11-24T09:00:00.000Z/002',
    revisions: [],
    undecidedSince: null,
    match: null,
  });
});

test('a short content is kept whole', () => {
  const story = aStory('short', { content: '停火了。' });
  expect(unpackStory({ pk: '', sk: '', ...packStory(story) }).content).toBe('停火了。');
});

test('each target keeps words before any has two', () => {
  const kept = unpackStory({ pk: '', sk: '', ...packStory(heavy(english)) }).match?.evidence ?? [];
  expect(new Set(kept.map(({ target }) => target)).size).toBe(kept.length);
});

test.each([
  ['fits', 'abc', 3, 'abc'],
  ['is cut between letters of two bytes', 'آتش‌بس', 8, 'آت…'],
  ['is cut between letters of three bytes', '停火了停火', 10, '停火…'],
  ['is cut between letters of four bytes', '🕊🕊🕊', 10, '🕊…'],
  ['keeps no half of a pair', 'a\ud83d', 10, 'a\ufffd'],
])('a text that %s', (_, text, most, expected) => {
  const cut = cutToBytes(text, most);
  expect(cut).toBe(expected);
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(most);
});

test.each([
  ['the same', 'Title', 'Title', true],
  ['another', 'Title', 'Other', false],
  ['cut', 'A very lo…', 'A very long title', true],
  ['cut, of another beginning', 'A very lo…', 'A very late title', false],
  ['one that really ends in an ellipsis', 'Wait…', 'Wait…', true],
])('a stored title is this one: %s', (_, stored, title, expected) => {
  expect(isStoredTitle(stored, title)).toBe(expected);
});

test('a match on an axis is packed to half and read as it was', () => {
  const row = aMatchRow();
  const packed = packMatchRow(row);
  expect(itemBytes(packed)).toBeLessThan(0.6 * itemBytes({ row }));
  expect(unpackMatchRow({ pk: '', sk: '', ...packed })).toEqual(row);
});

test('a match that was filed under an earlier layout is read as long as there are such rows', () => {
  const { duplicateOf: _, reached: __, ...row } = aMatchRow();
  expect(unpackMatchRow({ pk: '', sk: '', v: 1, row })).toEqual({ ...row, duplicateOf: null, reached: [] });
  const packed = Buffer.from(
    'hZPBTsMwDEB/xep5Xcm0C0cYE0IITdPGB3iN2wS1dmksCgf+Ha0tW1dRdoslx47fi3sgd4eVXWeP7untuXjhTbWtd/r6McJ0P5X0L7ze11nQgOYDZcQpQenZB6U6gGSgjmDnkHOHHlYiFdWoXhg2dY7sQxeURAqeYes5tyh/eulEzOkTy6qgpJG6sMmRa2JMslgmtmsfn9rHx6pDm12FuL05NNsfrvg1Jl4s9ze3037PGWbC7/tpvpDKpeyQStyOEKh9uOd85H+8ZFexRrPoF+jFR9k7+oLgcyYLLBAUlUpinUFAb0Eb6cxJIGicQEAF1Fal4qGgefT9Aw==',
    'base64',
  );
  expect(unpackMatchRow({ pk: '', sk: '', v: 2, packed })).toEqual(aMatchRow());
});

function aMatchRow(): MatchRow {
  return {
    id: 'AbCdEfGhIjKlMnOpQrStUv',
    storyline: 'BbCdEfGhIjKlMnOpQrStUv',
    duplicateOf: null,
    reached: ['new', 'escalated'],
    title: 'Defence ministers of the Shanghai Cooperation Organisation meet in Qingdao',
    url: 'https://www.outlet.example/world/2026/11/24/defence-ministers-meet',
    source: 'outlet-world',
    outlet: 'outlet',
    lang: 'en',
    published: '2026-11-24T09:00:00.000Z',
    seen: '2026-11-24T09:01:00.000Z',
    entities: ['qingdao', 'sco'],
    events: ['sco-defense-meeting'],
    priority: 'high',
    words: ['Shanghai Cooperation Organisation', 'Qingdao'],
    summary: 'They signed no statement, said two of those who sat at the table.',
  };
}
