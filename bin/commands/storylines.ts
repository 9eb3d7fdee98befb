import { groupInOrder } from '../../lib/core/storyline/group-in-order.ts';
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
const inOneWrite = 500;

function run(file: string | undefined, options: { readonly why?: boolean }): void {
  const lines = readStoryLines(file);
  const stories = lines.flatMap((line) => (line.kind === 'story' ? [toGroup(line.story)] : []));
  const decisions = groupInOrder(stories);
  let rows: string[] = [];
  for (const line of lines) {
    if (line.kind === 'bad') {
      say(`wirewatch: line ${line.line}: ${line.reason}`);
      rows.push(JSON.stringify({ line: line.line, error: line.reason }));
    } else {
      const { storyline, duplicateOf, reached, why } = decisions.next().value!;
      const copy = duplicateOf === null ? {} : { duplicateOf };
      const reasons = options.why ? { reached, why } : {};
      rows.push(JSON.stringify({ id: line.story.id, storyline: storyline.id, ...copy, ...reasons }));
    }
    if (rows.length < inOneWrite) continue;
    process.stdout.write(`${rows.join('\n')}\n`);
    rows = [];
  }
  if (rows.length > 0) process.stdout.write(`${rows.join('\n')}\n`);
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
