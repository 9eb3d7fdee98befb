import { compileWatchlist } from './compile.ts';
import { type Example, type Fitted, fitLogistic } from './fit-logistic.ts';
import { matchInOrder } from './match-in-order.ts';
import type { MatchInput } from './matched.ts';
import { createMatcher } from './matcher.ts';
import { hasWords, parseQuery } from './query.ts';
import { type Report, scoreMatches } from './score.ts';
import type { EventWeights, WatchlistSource } from './watchlist-source.ts';
import { decided } from './weigh.ts';
import { candidateClauses } from './weight-candidates.ts';

export type LabelledStory = MatchInput & {
  readonly id: string;
  readonly entities: readonly string[];
  readonly events: readonly string[];
};

export type Training = {
  /** The likelihoods that an event needs; see EventWeights. */
  readonly needs: number;
  readonly keeps: number;
  /**
   * The watchlist whose rules answer: where the stories have been read and the rules mended by them, the watchlist as it was
   * before, for by those stories the mended rules are always right.
   */
  readonly rules: WatchlistSource;
  /** See fitLogistic. */
  readonly penalty: number;
  /** Parts into which the stories are cut to measure: each is scored by what the others taught. */
  readonly folds: number;
};

export type Trained = {
  readonly weights: WatchlistSource['weights'];
  /** Stories that were not learnt from, by the rules alone and by the weights as well. */
  readonly byRules: Report;
  readonly byWeights: Report;
};

// A clause that fewer stories hold says nothing of those to come; a weight so small changes nothing.
const fewestStories = 5;
const leastWeight = 0.05;

/** What is known of one story: the events its rules found, and of each event the clauses that hold. */
type Row = {
  readonly story: LabelledStory;
  readonly times: number;
  readonly fold: number;
  readonly entities: readonly string[];
  readonly byRules: ReadonlySet<string>;
  readonly clauses: ReadonlyMap<string, readonly number[]>;
};

/**
 * Learns what the clauses of each event weigh, from labelled stories. Each set is matched in the order of its dates, as the
 * days brought it; a story that several sets hold counts as often. Pure and deterministic.
 */
export function trainWeights(
  source: WatchlistSource,
  sets: readonly (readonly LabelledStory[])[],
  training: Training,
): Trained {
  const candidates = new Map(
    Object.values(source.events).map((event) => [event.id, candidateClauses(source, event)] as const),
  );
  const rows = rowsOf(source, sets, candidates, training);
  const learn = (taught: readonly Row[]) =>
    Object.fromEntries(
      [...candidates].flatMap(([id, clauses]) => {
        const fitted = fitLogistic(examplesOf(taught, id, clauses.length), clauses.length, training.penalty);
        return [[id, weightsOf(fitted, clauses, training)] as const];
      }),
    );
  const folds = Array.from({ length: training.folds }, (_, fold) => learn(rows.filter((row) => row.fold !== fold)));
  return {
    weights: learn(rows),
    byRules: reportOf(rows, (row) => [...row.byRules]),
    byWeights: reportOf(rows, (row) => weighed(row, folds[row.fold]!, candidates)),
  };
}

function rowsOf(
  source: WatchlistSource,
  sets: readonly (readonly LabelledStory[])[],
  candidates: ReadonlyMap<string, readonly string[]>,
  { rules, folds }: Training,
): readonly Row[] {
  const byRules = createMatcher(compileWatchlist({ ...rules, weights: {} }));
  const asked = createMatcher(compileWatchlist({ ...source, weights: askedOf(candidates) }));
  const rows = new Map<string, Row>();
  for (const stories of sets) {
    const results = matchInOrder(byRules, stories);
    for (const [i, story] of stories.entries()) {
      const key = `${story.id} ${story.title} ${story.summary}`;
      const known = rows.get(key);
      if (known !== undefined) {
        rows.set(key, { ...known, times: known.times + 1 });
        continue;
      }
      const held = asked.clauses(story);
      const { entities, events } = results[i]!;
      rows.set(key, {
        story,
        times: 1,
        fold: hashOf(story.title) % folds,
        entities,
        byRules: new Set(events),
        clauses: new Map(
          [...candidates.keys()].map((id, at) => [id, held[at]!.flatMap((holds, clause) => (holds ? [clause] : []))]),
        ),
      });
    }
  }
  return [...rows.values()];
}

/** Weights that only serve to ask which clauses hold. */
function askedOf(candidates: ReadonlyMap<string, readonly string[]>): WatchlistSource['weights'] {
  return Object.fromEntries(
    [...candidates].map(([id, clauses]) => {
      const asked = clauses.map((text) => ({ when: queryOf(text), weight: 0 }));
      return [id, { needs: 0.5, keeps: 0.5, bias: 0, rule: 0, clauses: asked }];
    }),
  );
}

function queryOf(text: string) {
  const parsed = parseQuery(text, { negative: true });
  if (parsed.kind === 'fault') throw new Error(`a clause that was made cannot be read: ${text}`);
  return parsed.query;
}

function examplesOf(rows: readonly Row[], id: string, clauseCount: number): readonly Example[] {
  const stories = new Int32Array(clauseCount);
  for (const row of rows) for (const clause of row.clauses.get(id)!) stories[clause]!++;
  return rows.map((row) => ({
    times: row.times,
    isOne: row.story.events.includes(id),
    byRule: row.byRules.has(id),
    clauses: row.clauses.get(id)!.filter((clause) => stories[clause]! >= fewestStories),
  }));
}

function weightsOf(
  { bias, rule, weights }: Fitted,
  clauses: readonly string[],
  { needs, keeps }: Training,
): EventWeights {
  const kept = clauses
    .map((text, i) => ({ text, weight: rounded(weights[i]!) }))
    .filter(({ weight }) => Math.abs(weight) >= leastWeight)
    .toSorted((a, b) => b.weight - a.weight);
  return {
    needs,
    keeps,
    bias: rounded(bias),
    rule: rounded(rule),
    clauses: kept.map(({ text, weight }) => ({ when: queryOf(text), weight })),
  };
}

/** Kept within what the file may hold. */
function rounded(weight: number): number {
  return Math.round(Math.max(-20, Math.min(20, weight)) * 100) / 100;
}

/** As the matcher weighs: see weigh.ts. Asked of what is known of the row, which matching once more would only repeat. */
function weighed(
  row: Row,
  weights: WatchlistSource['weights'],
  candidates: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  if (row.entities.length + row.byRules.size === 0) return [];
  return Object.entries(weights).flatMap(([id, event]) => {
    const held = new Set(row.clauses.get(id)!.map((clause) => candidates.get(id)![clause]));
    const holding = event.clauses
      .filter(({ when }) => held.has(when.text))
      .map(({ when, weight }) => ({ weight, speaks: weight > 0 && hasWords(when.node) }));
    return decided(event, row.byRules.has(id), holding).holds ? [id] : [];
  });
}

function reportOf(rows: readonly Row[], events: (row: Row) => readonly string[]): Report {
  return scoreMatches(
    rows.map((row) => ({
      label: { ...row.story, lang: row.story.lang ?? '' },
      found: { entities: row.entities, events: events(row) },
    })),
  );
}

/** FNV-1a, so that a story stays in its fold whatever stands around it: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
