import type { Replayed, ReplayedTarget, Sample } from '../lib/pipeline/replay.ts';
import { printTable, say, shortTime, styled } from './output.ts';

/** Shows a replay to a person: what was gained and lost, with samples. */
export function printReplayed({ stories, changed, targets }: Replayed): void {
  const moved = targets.filter(({ gained, lost, unsure }) => gained + lost + unsure > 0);
  const same = targets.length - moved.length;
  say(`${stories} stories, ${changed} would match otherwise; ${same} targets are as they were`);
  if (moved.length === 0) return;
  printTable(
    ['target', 'gained', 'lost', 'unsure', 'unchanged'],
    moved.map(({ id, gained, lost, unsure, unchanged }) => [id, ...[gained, lost, unsure, unchanged].map(String)]),
  );
  for (const target of moved) printSamples(target);
}

function printSamples({ id, samples }: ReplayedTarget): void {
  const rows = (sign: string, list: readonly Sample[]) =>
    list.map((story) => [`${sign} ${id}`, shortTime(story.published), story.outlet, story.title, story.id]);
  const both = [...rows('+', samples.gained), ...rows('-', samples.lost)];
  if (both.length === 0) return;
  if (process.stdout.isTTY) process.stdout.write(`\n${styled('bold', id)}\n`);
  printTable(['', 'published', 'outlet', 'title', 'id'], both);
}
