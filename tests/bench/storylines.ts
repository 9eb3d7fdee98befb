import { groupInOrder, storylineNames } from '../../lib/core/storyline/group-in-order.ts';
import type { StorylineStory } from '../../lib/core/storyline/story-in.ts';
import { headlineFixture, type LabelledStory, storylineCorpus } from './storylines-corpus.ts';
import { byExactTitle, byTfIdf } from './storylines-rivals.ts';
import { bCubed, type Score } from './storylines-score.ts';
import type { BenchTable } from './table.ts';

const tfIdfThresholds = [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4];

export type Grouping = { readonly storylines: readonly string[]; readonly copyOf: readonly (string | null)[] };

/** Groups labelled stories with what `wirewatch storylines` runs. */
export function grouped(stories: readonly LabelledStory[]): Grouping {
  const names = storylineNames();
  const decisions = [...groupInOrder(stories.map(toGroup))];
  for (const decision of decisions) names.note(decision);
  return {
    storylines: decisions.map(({ storyline }) => names.now(storyline.id)),
    copyOf: decisions.map(({ duplicateOf }) => duplicateOf),
  };
}

/** Copies found, and how many of the other stories were called copies. */
export function copyRates(
  stories: readonly LabelledStory[],
  { copyOf }: Grouping,
): { readonly found: number; readonly falseRate: number } {
  const copies = stories.filter((story) => story.copyOf !== null).length;
  const found = stories.filter((story, i) => story.copyOf !== null && copyOf[i] !== null).length;
  const others = stories.filter(
    (story, i) => story.copyOf === null && copyOf[i] !== null && !isOriginalOf(stories, i, copyOf),
  ).length;
  return { found: found / copies, falseRate: others / (stories.length - copies) };
}

/** A copy may come before its original: then the original is rightly called its copy. */
function isOriginalOf(stories: readonly LabelledStory[], i: number, copyOf: readonly (string | null)[]): boolean {
  return stories.some((story) => story.id === copyOf[i] && story.copyOf === stories[i]!.id);
}

function toGroup({ id, title, source, published }: LabelledStory): StorylineStory {
  const unknown = {
    summary: '',
    url: null,
    lang: 'en',
    outlet: source,
    wire: false,
    entities: [],
    events: [],
  } as const;
  return { id, title, source, published, ...unknown, priority: 'normal' };
}

export async function benchStorylines(): Promise<readonly BenchTable[]> {
  return [quality(), copies(), speed()];
}

function quality(): BenchTable {
  const stories = headlineFixture(5, 7);
  const known = stories.map(({ storyline }) => storyline);
  const tuned = tfIdfThresholds
    .map((from) => ({ from, ...timed(() => byTfIdf(stories, from)) }))
    .map(({ from, value, perSecond }) => ({ from, perSecond, score: bCubed(known, value) }))
    .reduce((best, next) => (next.score.f1 > best.score.f1 ? next : best));
  const exact = timed(() => byExactTitle(stories));
  const ours = timed(() => grouped(stories).storylines);
  return {
    title: `Storylines: ${stories.length} headlines of ${new Set(known).size} developments, titles alone, B-cubed`,
    rows: [
      resultRow('exact title', bCubed(known, exact.value), exact.perSecond),
      resultRow(`TF-IDF centroids, best threshold (${tuned.from})`, tuned.score, tuned.perSecond),
      resultRow('ours', bCubed(known, ours.value), ours.perSecond),
    ],
  };

  function timed<T extends readonly string[]>(work: () => T): { readonly value: T; readonly perSecond: number } {
    const began = process.cpuUsage();
    const value = work();
    return { value, perSecond: stories.length / cpuSecondsSince(began) };
  }
}

function resultRow(grouping: string, { precision, recall, f1 }: Score, perSecond: number): BenchTable['rows'][number] {
  const percent = (share: number) => share.toFixed(3);
  return {
    grouping,
    precision: percent(precision),
    recall: percent(recall),
    F1: percent(f1),
    'stories a CPU second': round(perSecond),
  };
}

function copies(): BenchTable {
  const stories = storylineCorpus(3_000, 10, 11);
  const { found, falseRate } = copyRates(stories, grouped(stories));
  const exact = new Set<string>();
  let byTitle = 0;
  byExactTitle(stories).forEach((title, i) => {
    if (exact.has(title) && stories[i]!.copyOf !== null) byTitle++;
    exact.add(title);
  });
  const count = stories.filter(({ copyOf }) => copyOf !== null).length;
  return {
    title: `Copies among ${stories.length} made-up headlines`,
    rows: [
      { by: 'exact title', 'found %': ((byTitle / count) * 100).toFixed(1), 'false %': '0.0' },
      { by: 'ours', 'found %': (found * 100).toFixed(1), 'false %': (falseRate * 100).toFixed(2) },
    ],
  };
}

function speed(): BenchTable {
  const stories = storylineCorpus(40_000, 60, 3);
  const began = process.cpuUsage();
  grouped(stories);
  const seconds = cpuSecondsSince(began);
  return {
    title: 'Storylines: speed',
    rows: [
      {
        stories: stories.length,
        'CPU seconds': seconds.toFixed(1),
        'stories a CPU second': round(stories.length / seconds),
      },
    ],
  };
}

/** Of this process: what others do on the machine meanwhile counts less. */
function cpuSecondsSince(began: NodeJS.CpuUsage): number {
  return process.cpuUsage(began).user / 1e6;
}

function round(perSecond: number): string {
  return (Math.round(perSecond / 100) * 100).toLocaleString('en');
}
