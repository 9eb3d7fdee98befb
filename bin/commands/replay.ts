import { PlainError } from '../../lib/core/plain-error.ts';
import { decodeWatchlist, encodeWatchlist } from '../../lib/core/watchlist/serialize.ts';
import { readTime } from '../../lib/pipeline/query-values.ts';
import { RefusedRequest } from '../../lib/pipeline/refused-request.ts';
import { type Replayed, type ReplayedTarget, replay, type Sample, warmUpHours } from '../../lib/pipeline/replay.ts';
import type { ReplayStory, StoriesPage } from '../../lib/pipeline/stored-stories.ts';
import type { CommandFile } from '../command-file.ts';
import { printJson, printTable, say, shortTime, styled } from '../output.ts';
import { addSystemOptions, openSystem, type System, type SystemOptions } from '../system.ts';
import { compiledOfFolder } from '../watchlist-folder.ts';

type Options = SystemOptions & {
  readonly config: string;
  readonly since: string;
  readonly until?: string;
  readonly json?: boolean;
};

/** A replay that takes longer says how far it is, this often. */
const progressMs = 2_000;

export const command: CommandFile = {
  describe: 'what a changed watchlist would have matched',
  build(command) {
    addSystemOptions(
      command
        .requiredOption('--config <dir>', 'folder of the changed watchlist.yaml')
        .requiredOption(
          '--since <time>',
          'stories first seen since: 2026-11-24, 2026-11-24T06:00Z, or back from now: 36h, 7d',
        )
        .option('--until <time>', 'and until, written the same way')
        .option('--json', 'one JSON document'),
    )
      .addHelpText(
        'after',
        '\nFor each target: stories gained, lost, unchanged, and unsure: not found again, but the words it matched by lie in text\nthat was cut when the story was stored. Nothing is changed and nobody is told.\n\nExample:\n  wirewatch replay --config config --since 7d',
      )
      .action(run);
  },
};

async function run(options: Options): Promise<void> {
  // By way of the bytes that apply would store, so that nothing differs from the live system.
  const watchlist = decodeWatchlist(encodeWatchlist(compiledOfFolder(options.config)));
  const since = timeOf('since', options.since);
  const until = options.until === undefined ? new Date().toISOString() : timeOf('until', options.until);
  const system = await openSystem(options);
  const from = new Date(Date.parse(since) - warmUpHours(watchlist) * 3_600_000).toISOString();
  const result = await replay(storedPages(system, from, until), watchlist, since);
  if (options.json) return printJson({ since, until, ...result });
  print(result);
}

function timeOf(name: 'since' | 'until', value: string): string {
  try {
    return readTime(name, value, { now: () => new Date() }) ?? '';
  } catch (error) {
    if (error instanceof RefusedRequest) throw new PlainError(`--${name}: ${error.message}`, 2);
    throw error;
  }
}

async function* storedPages(system: System, since: string, until: string): AsyncGenerator<readonly ReplayStory[]> {
  let cursor: string | null = null;
  let read = 0;
  let told = Date.now();
  do {
    const query: URLSearchParams = new URLSearchParams({ since, until, ...(cursor === null ? {} : { cursor }) });
    const page: StoriesPage = await system.api<StoriesPage>('GET', `/api/stories?${query}`);
    yield page.stories;
    read += page.stories.length;
    if (Date.now() - told > progressMs) {
      say(`${read} stories read, up to ${shortTime(page.stories.at(-1)?.seen ?? null)}`);
      told = Date.now();
    }
    cursor = page.next;
  } while (cursor !== null);
}

function print({ stories, changed, targets }: Replayed): void {
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
