import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { compileWatchlist } from '../../../lib/core/watchlist/compile.ts';
import { decodeWatchlist, encodeWatchlist, watchlistLayout } from '../../../lib/core/watchlist/serialize.ts';
import { readWatchlist } from '../../../lib/core/watchlist/watchlist-file.ts';

/** Has one of everything that compiles into something of its own. */
const text = `publishers: [Example News]
entities:
  iran:
    name: Iran
    kind: state
    aliases: {en: [Iran, Islamic Republic], fa: [ایران], ru: [Иран], zh: [伊朗], he: [איראן]}
    phrases: {en: [Iran Air]}
    stands_for: {en: [Khamenei]}
    ambiguous: [{alias: Tehran, with: 'SELF ONEAR/1 #says', not: weather}]
  israel:
    name: Israel
    kind: state
    aliases: {en: [Israel], ar: [إسرائيل]}
terms:
  says: {en: [says, 'said*']}
  truce: {en: [truce, '!"Truce"', cease fire], fa: [آتش‌بس]}
  other: {query: '#truce NEAR/3 gaza'}
events:
  truce:
    name: A truce
    priority: high
    when: '(@iran+ AND @israel) AND (title:(#truce OUTSIDE #other) OR ATLEAST/2 truce OR (START ONEAR/2 #truce))'
    while_running: 'summary:(#truce SAME holds)'
    unless: 'source:"bbc*" AND published:2025-06-20.. AND NOT lang:fa'
    implies: [{event: strikes, if: 'talks NEAR/4 END'}]
  strikes: {name: Strikes, priority: low, when: 'BY(@israel, strikes, @iran)'}
weights:
  strikes: {needs: 0.4, keeps: 0.2, bias: -2.5, rule: 3.1, clauses: {'#truce SAME @iran+': -0.7}}
`;

function compiledBytes(): Uint8Array {
  const { watchlist, problems } = readWatchlist(text, 'watchlist.yaml');
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return encodeWatchlist(compileWatchlist(watchlist!));
}

test('the layout is raised whenever a watchlist compiles into other bytes', () => {
  const digest = createHash('sha256').update(compiledBytes()).digest('hex').slice(0, 12);
  expect(
    { watchlistLayout, digest },
    'what is compiled has changed: raise watchlistLayout in lib/core/watchlist/serialize.ts, and write both down here',
  ).toEqual({ watchlistLayout: 3, digest: '6f5339215fe4' });
});

test.each([1, 2])('a watchlist of the earlier layout %i is still read', (layout) => {
  const bytes = compiledBytes();
  new DataView(bytes.buffer).setUint32(0, 0x57574c30 + layout);
  expect(decodeWatchlist(bytes).targets).toHaveLength(4);
});

test('a watchlist of a layout to come is refused, with the remedy', () => {
  const bytes = compiledBytes();
  new DataView(bytes.buffer).setUint32(0, 0x57574c30 + watchlistLayout + 1);
  expect(() => decodeWatchlist(bytes)).toThrow('compile it again with wirewatch apply');
});
