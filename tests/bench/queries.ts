import { performance } from 'node:perf_hooks';
import { company } from '../../lib/pipeline/company.ts';
import { matches } from '../../lib/pipeline/matches.ts';
import type { MatchRow } from '../../lib/pipeline/ports/story-store.ts';
import type { QueryDeps } from '../../lib/pipeline/queries.ts';
import { series } from '../../lib/pipeline/series-queries.ts';
import { storylines } from '../../lib/pipeline/storyline-queries.ts';
import { type Measured, measuredTable } from '../support/measured-table.ts';
import { type BenchTable, quantile } from './table.ts';

const sizes = [1_000, 100_000];
const rounds = 40;
const now = new Date('2026-11-24T09:30:00.000Z');
const days = 90;

type Question = { readonly name: string; readonly ask: (deps: QueryDeps) => Promise<{ readonly read: number }> };

const questions: readonly Question[] = [
  { name: 'the newest 50', ask: (deps) => matches({}, deps) },
  { name: '50 of an event', ask: (deps) => matches({ event: 'event-3' }, deps) },
  {
    name: '50 of an entity in a language, a month back',
    ask: (deps) => matches({ entity: 'entity-1', lang: 'fa', until: '30d' }, deps),
  },
  { name: 'words that nobody wrote', ask: (deps) => matches({ text: 'nothing' }, deps) },
  { name: '50 storylines of a state', ask: (deps) => storylines({ state: 'new' }, deps) },
  { name: 'a chart of 48 hours, none counted yet', ask: (deps) => series({ event: 'event-3' }, deps) },
  { name: 'company of an entity, 7 days', ask: (deps) => company({ entity: 'entity-2' }, deps) },
];

/** What questions take over 1,000 and over 100,000 matches of ninety days, on DynamoDB Local in memory. */
export async function benchQueries(): Promise<readonly BenchTable[]> {
  const measured: Record<string, string | number>[] = questions.map(({ name }) => ({ question: name }));
  for (const size of sizes) {
    const table = await measuredTable();
    await table.file(usualMatches(size));
    for (const [index, question] of questions.entries()) {
      Object.assign(measured[index] ?? {}, await timed(question, table, size));
    }
    await table.stop();
  }
  return [{ title: 'Questions over 1,000 and 100,000 matches', rows: measured.map(withGrowth) }];
}

async function timed({ ask }: Question, table: Measured, size: number): Promise<Record<string, number | string>> {
  const deps = { store: table.store, matcher: null, retentionDays: days, unmatchedDays: days, now: () => now };
  const took: number[] = [];
  for (let round = 0; round < rounds + 5; round += 1) {
    const begun = performance.now();
    await ask(deps);
    if (round >= 5) took.push(performance.now() - begun);
  }
  const { result, units, calls } = await table.cost(() => ask(deps));
  const label = size.toLocaleString('en');
  return {
    [`p50 ms, ${label}`]: quantile(took, 0.5).toFixed(1),
    [`p95 ms, ${label}`]: quantile(took, 0.95).toFixed(1),
    [`rows, units, calls, ${label}`]: `${result.read}, ${units}, ${calls}`,
  };
}

function withGrowth(row: Record<string, string | number>): Record<string, string | number> {
  const p95 = (size: number) => Number(row[`p95 ms, ${size.toLocaleString('en')}`]);
  return { ...row, 'p95 grows by': `${(p95(100_000) / p95(1_000)).toFixed(1)} ×` };
}

/** Matches spread evenly over the days, of usual length, twenty entities, ten events, five languages. */
function usualMatches(count: number): readonly MatchRow[] {
  return Array.from({ length: count }, (_, index): MatchRow => {
    const published = new Date(now.getTime() - Math.floor((index * days * 86_400_000) / count)).toISOString();
    const id = `story-${String(index).padStart(16, '0')}`;
    return {
      ...{
        id,
        storyline: id,
        title: `Ministers meet for the ${index}th time as talks on a ceasefire go on in the capital`,
      },
      ...{
        url: `https://news.example/world/2026/${index}`,
        source: `feed-${index % 100}`,
        outlet: `outlet-${index % 75}`,
      },
      ...{ lang: ['en', 'fa', 'zh', 'ar', 'ru'][index % 5] ?? 'en', published, seen: published },
      ...{ entities: [`entity-${index % 20}`, `entity-${(index * 7 + 1) % 20}`], events: [`event-${index % 10}`] },
      ...{
        priority: 'normal',
        duplicateOf: null,
        reached: [],
        words: ['ceasefire', 'talks'],
        summary: 'What was said, and by whom. '.repeat(6),
      },
    };
  });
}
