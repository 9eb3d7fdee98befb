import type { StorylineDecision } from '../../lib/core/storyline/decide-storyline.ts';
import { groupInOrder, storylineNames } from '../../lib/core/storyline/group-in-order.ts';
import type { StorylineStory } from '../../lib/core/storyline/story-in.ts';
import type { Priority } from '../../lib/core/watchlist/matched.ts';
import type { CommandFile } from '../command-file.ts';
import { say } from '../output.ts';
import { readStoryLines, type StoryLine } from '../story-lines.ts';

export const command: CommandFile = {
  describe: 'group stories from JSON lines: one storyline for one development',
  build(command) {
    command
      .argument(
        '[file]',
        'stories as JSON lines {id, title, summary, content?, lang?, source?, url?, published?}, in the order they were published; - or nothing for standard input',
      )
      .option('--why', 'adds why each story stands where it does, and the states it brought its storyline to')
      .option('--json', 'the same: the output is JSON lines in any case')
      .addHelpText('after', help)
      .action(run);
  },
};

const help = `
Prints {id, storyline, duplicateOf?} for each story, in the order of the input. "storyline" is the id of the story that
opened it; "duplicateOf" the story whose text this one repeats: the same words, numbers and negations, whoever published
it. A story joins by the words of its title; where its language is new to a storyline, by "entities" and "events" of the
watchlist, if the input holds them. Three days of silence close a storyline. Stories without a date count as a minute
apart. A line that is no story gives {line, error} and the rest goes on; docs/storylines.md says how it is decided.

  wirewatch storylines stories.jsonl
  wirewatch storylines --why - < stories.jsonl`;

/** Lines that go out in one write. */
const inOneWrite = 1_000;

type Row = { readonly error: { readonly line: number; readonly error: string } } | Grouped;
type Grouped = Pick<StorylineDecision, 'duplicateOf' | 'reached' | 'why'> & {
  readonly id: string;
  readonly storyline: string;
};

function run(file: string | undefined, options: { readonly why?: boolean }): void {
  const lines = readStoryLines(file);
  const decisions = groupInOrder(lines.flatMap((line) => (line.kind === 'story' ? [toGroup(line.story)] : [])));
  const names = storylineNames();
  const rows = lines.map((line): Row => {
    if (line.kind === 'bad') {
      say(`wirewatch: line ${line.line}: ${line.reason}`);
      return { error: { line: line.line, error: line.reason } };
    }
    const decision = decisions.next().value!;
    names.note(decision);
    const { storyline, duplicateOf, reached, why } = decision;
    return { id: line.story.id, storyline: storyline.id, duplicateOf, reached, why };
  });
  for (let i = 0; i < rows.length; i += inOneWrite) {
    const texts = rows.slice(i, i + inOneWrite).map((row) => rowText(row, names.now, options.why === true));
    process.stdout.write(`${texts.join('\n')}\n`);
  }
}

/** A storyline that a later story showed to be part of an older one is named as that. */
function rowText(row: Row, now: (id: string) => string, withWhy: boolean): string {
  if ('error' in row) return JSON.stringify(row.error);
  const { id, storyline, duplicateOf, reached, why } = row;
  const copy = duplicateOf === null ? {} : { duplicateOf };
  return JSON.stringify({ id, storyline: now(storyline), ...copy, ...(withWhy ? { reached, why } : {}) });
}

/** What grouping looks at. The fields that only the pipeline knows are read where the input holds them. */
function toGroup({ raw, ...story }: StoryLine): StorylineStory {
  const source = story.source ?? '';
  return {
    id: story.id,
    title: story.title,
    summary: story.summary,
    url: story.url ?? null,
    lang: story.lang ?? '',
    source,
    outlet: typeof raw.outlet === 'string' ? raw.outlet : source,
    wire: raw.wire === true,
    published: story.published ?? '',
    entities: namesIn(raw.entities),
    events: namesIn(raw.events),
    priority: priorityIn(raw.priority),
  };
}

function namesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : [];
}

function priorityIn(value: unknown): Priority {
  return value === 'low' || value === 'high' || value === 'critical' ? value : 'normal';
}
