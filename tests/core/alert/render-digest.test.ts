import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AlertFacts } from '../../../lib/core/alert/alert-facts.ts';
import { columnsOf } from '../../../lib/core/alert/columns.ts';
import { byImportance, type DigestEntry } from '../../../lib/core/alert/latest-first.ts';
import {
  type DigestReader,
  mainReason,
  renderDigest,
  renderDigestJson,
  renderDigestSms,
} from '../../../lib/core/alert/render-digest.ts';
import { renderProofOfLife, renderProofOfLifeSms } from '../../../lib/core/alert/render-proof-of-life.ts';
import { smsParts } from '../../../lib/core/alert/sms-parts.ts';
import { countSeptets } from './gsm7-by-position.ts';

const reader: DigestReader = {
  timeZone: 'UTC',
  changeUrl: null,
  stopUrl: null,
  linksOf: () => ({ storylineUrl: null, muteUrl: null }),
};

function entry(storyline: string, at: string, change: Partial<AlertFacts> & { title?: string } = {}): DigestEntry {
  const { title = `Story of ${storyline}`, ...facts } = change;
  const story = {
    id: storyline,
    title,
    outlet: 'Meridian Wire',
    url: null,
    published: '2025-06-25T10:35:00.000Z',
    lang: 'en',
  };
  return {
    at,
    facts: {
      storyline,
      state: 'new',
      priority: 'normal',
      story,
      entities: [{ id: 'iran', name: 'Iran' }],
      events: [],
      evidence: [],
      outlets: 1,
      wires: 0,
      ...facts,
    },
  };
}

describe('a digest', () => {
  test('has a storyline once, as it stands at last, and the most important first', () => {
    const order = byImportance([
      entry('a', '2025-06-25T10:00:00.000Z'),
      entry('b', '2025-06-25T09:00:00.000Z', { outlets: 3, state: 'corroborated', title: 'later' }),
      entry('b', '2025-06-25T08:00:00.000Z', { title: 'earlier' }),
      entry('c', '2025-06-25T07:00:00.000Z', { priority: 'critical' }),
      entry('d', '2025-06-25T11:00:00.000Z'),
    ]);
    expect(order.map(({ facts, states }) => [facts.storyline, facts.story.title, states.join()])).toEqual([
      ['c', 'Story of c', 'new'],
      ['b', 'later', 'new,corroborated'],
      ['d', 'Story of d', 'new'],
      ['a', 'Story of a', 'new'],
    ]);
  });

  test.each([
    ['digest', 'Digest of 2 storylines: Story of b'],
    ['quiet hours', '2 storylines from your quiet hours: Story of b'],
    ['burst', '2 storylines in one message: Story of b'],
    ['confirmation', '2 storylines from before you confirmed: Story of b'],
    ['sms cap', '2 storylines that waited: Story of b'],
  ] as const)('held for %s says so in its subject', (why, subject) => {
    const entries = [entry('a', '2025-06-25T10:00:00.000Z'), entry('b', '2025-06-25T11:00:00.000Z')];
    expect(renderDigest(entries, reader, why).subject).toBe(subject);
  });

  test('of one storyline for a burst is called by it alone', () => {
    const one = [entry('a', '2025-06-25T10:00:00.000Z', { priority: 'high', state: 'escalated' })];
    expect(renderDigest(one, reader, 'burst').subject).toBe('[high] Escalated: Story of a');
  });

  test('of many storylines shows fifty and says how many more there are', () => {
    const entries = Array.from({ length: 63 }, (_, index) => entry(`s${index}`, '2025-06-25T10:00:00.000Z'));
    const { body } = renderDigest(entries, reader);
    expect(body.match(/^\d+\. /gm)?.length).toBe(50);
    expect(body.replaceAll('\n', ' ')).toContain('And 13 more storylines of less weight');
    expect(JSON.parse(renderDigestJson(entries))).toMatchObject({ more: 13 });
  });

  test('too long for SNS shows what fits and says how many more there are', () => {
    const url = `https://meridian.example/${'x'.repeat(9_000)}`;
    const entries = Array.from({ length: 40 }, (_, index) => {
      const { facts, at } = entry(`s${index}`, '2025-06-25T10:00:00.000Z');
      return { at, facts: { ...facts, story: { ...facts.story, url } } };
    });
    const { body } = renderDigest(entries, reader);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(200_000);
    const shown = body.match(/^\d+\. /gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(15);
    expect(body.replaceAll('\n', ' ')).toContain(`And ${40 - shown} more storylines`);
    const json = renderDigestJson(entries);
    expect(Buffer.byteLength(json)).toBeLessThan(201_000);
    expect(JSON.parse(json).storylines.length + JSON.parse(json).more).toBe(40);
  });

  test('by SMS counts, and names the first', () => {
    const entries = [
      entry('a', '2025-06-25T10:00:00.000Z'),
      entry('b', '2025-06-25T09:00:00.000Z', { priority: 'high' }),
    ];
    expect(renderDigestSms(entries)).toBe('2 storylines. HIGH Story of b - Meridian Wire');
    expect(renderDigestSms(entries.slice(0, 1))).toBe('Story of a - Meridian Wire');
  });

  test('is named by the reason that says most', () => {
    expect(mainReason(['burst', 'quiet hours', 'burst'])).toBe('quiet hours');
    expect(mainReason(['burst'])).toBe('burst');
  });

  test('keeps its rules whatever the titles are', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom('停'.repeat(5_000), 'x'.repeat(10_000), ''),
    );
    const each = fc.tuple(
      fc.constantFrom('a', 'b', 'c', 'd'),
      text,
      fc.constantFrom('low', 'critical'),
      fc.integer({ min: 1, max: 200 }),
    );
    fc.assert(
      fc.property(fc.array(each, { minLength: 1, maxLength: 8 }), (rows) => {
        const entries = rows.map(([id, title, priority, outlets], index) =>
          entry(id, new Date(index * 1_000).toISOString(), {
            title,
            priority,
            outlets,
            wires: outlets - 1,
          } as Partial<AlertFacts>),
        );
        const { subject, body } = renderDigest(entries, reader);
        expect(subject.length).toBeLessThan(100);
        expect(subject + body.replaceAll('\n', '')).not.toMatch(
          /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u,
        );
        for (const line of body.split('\n')) expect(columnsOf(line)).toBeLessThanOrEqual(60);
        expect(countSeptets(renderDigestSms(entries))).toBeLessThanOrEqual(148);
      }),
      { numRuns: 100 },
    );
  });
});

describe('proof of life', () => {
  const facts = { since: '2025-06-18T22:00:00.000Z', polls: 10_080, matches: 3, feeds: 51, failing: [] };
  const failing = [
    { feed: 'bbc-world', since: '2025-06-20T10:00:00.000Z' },
    { feed: 'ava-fa', since: '2025-06-19T10:00:00.000Z' },
  ];
  const line = (given: Parameters<typeof renderProofOfLife>[0]) =>
    renderProofOfLife(given, reader).body.split('\n\n')[0]?.replaceAll('\n', ' ');

  test('says that somebody watches, in one line', () => {
    expect(line(facts)).toBe('Since 18 June: 10,080 polls, 3 matches, nothing for you. All 51 feeds answer.');
    expect(line({ ...facts, polls: 1, matches: 0, feeds: 1 })).toBe(
      'Since 18 June: 1 poll, no match, nothing for you. The feed answers.',
    );
    expect(renderProofOfLife(facts, { ...reader, timeZone: 'Asia/Tehran' }).subject).toBe(
      'Nothing for you since 19 June; Wirewatch is watching',
    );
  });

  test('names the feeds that fail, the longest failing first', () => {
    expect(line({ ...facts, failing })).toContain('2 of 51 feeds fail: ava-fa since 19 June; bbc-world since 20 June.');
    const many = Array.from({ length: 9 }, (_, index) => ({
      feed: `feed-${index}`,
      since: '2025-06-20T10:00:00.000Z',
    }));
    expect(line({ ...facts, failing: many })).toMatch(/9 of 51 feeds fail: feed-0 .*; and 4 more\.$/);
  });

  test('is one GSM-7 part', () => {
    const long = { ...facts, failing: [{ feed: 'y'.repeat(300), since: facts.since }, ...failing] };
    for (const given of [facts, { ...facts, failing }, long]) {
      expect(countSeptets(renderProofOfLifeSms(given, reader))).toBeLessThanOrEqual(148);
    }
    expect(renderProofOfLifeSms(facts, reader)).toBe(
      'Since 18 June: 10,080 polls, 3 matches, nothing for you. All 51 feeds answer.',
    );
  });
});

test.each([
  ['x'.repeat(148), 'GSM-7', 1],
  ['x'.repeat(149), 'GSM-7', 2],
  ['€'.repeat(74), 'GSM-7', 1],
  ['€'.repeat(75), 'GSM-7', 2],
  ['x'.repeat(3 * 153 - 11), 'GSM-7', 4],
  [`x’${'x'.repeat(56)}`, 'UCS-2', 1],
  [`x’${'x'.repeat(57)}`, 'UCS-2', 2],
  ['🚨'.repeat(29), 'UCS-2', 1],
  ['🚨'.repeat(30), 'UCS-2', 2],
] as const)('an SMS beginning %.3s… is %s and costs %d', (text, alphabet, parts) => {
  expect(smsParts(text)).toEqual({ alphabet, parts });
});
