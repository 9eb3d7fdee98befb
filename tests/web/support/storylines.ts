import type { StorylineState } from '../../../lib/core/storyline/storyline-state.ts';
import type { Store, StoredStory } from '../../../lib/pipeline/ports.ts';
import type { StorylineReader, StorylineRow, StorylineStoryRow } from '../../../lib/pipeline/storyline-reader.ts';

type Kept = { row: StorylineRow; readonly members: StorylineStoryRow[]; readonly stories: StoredStory[] };

const hoursTogether = 5;
const priorities = ['low', 'normal', 'high', 'critical'] as const;

/** Storylines enough to look at: stories of one event within some hours, and copies of one story. */
export function storylinesOf(store: Store) {
  const kept = new Map<string, Kept>();

  const homeOf = (story: StoredStory, copyOf: string | null): Kept | undefined =>
    [...kept.values()].find(
      ({ row, members }) =>
        members.some((member) => member.story === copyOf) ||
        (story.match?.events.length !== 0 &&
          row.events[0] === story.match?.events[0] &&
          Date.parse(story.published) - Date.parse(row.last) < hoursTogether * 3_600_000),
    );

  const take = (story: StoredStory, copyOf: string | null): void => {
    const home = homeOf(story, copyOf) ?? opened(story);
    home.stories.push(story);
    const before = home.row.states;
    home.row = rowOf(home.row, home.stories, home.members.length > 0);
    const reached = home.row.states.filter((state) => home.members.length === 0 || !before.includes(state));
    home.members.push({ story: story.id, at: story.published, duplicateOf: copyOf, reached });
    kept.set(home.row.id, home);
  };

  /** Enters in the ledger what each state would have told. */
  const tell = async (subscribers: readonly string[]): Promise<void> => {
    for (const { row, members, stories } of kept.values()) {
      for (const { story, reached, at } of members) {
        for (const state of reached) {
          for (const [place, subscriber] of subscribers.entries()) {
            const decided = later(at, 70 + place);
            const told = {
              ...{
                storyline: row.id,
                state,
                subscriber,
                story,
                published: at,
                seen: later(at, 60),
                decided,
                claimed: decided,
              },
              ...{ tier: 1 + (stories.length % 3), held: null },
            };
            await store.ledger.claim(told);
            await store.ledger.markSent(told, later(at, 72 + place * 3 + (stories.length % 7)));
          }
        }
      }
    }
  };

  const reader: StorylineReader = {
    async list({ since, until, cursor, limit, keep }) {
      const rows = [...kept.values()]
        .map(({ row }) => row)
        .filter((row) => row.last >= since && row.last <= until && keep(row))
        .toSorted((a, b) => keyOf(b).localeCompare(keyOf(a)))
        .filter((row) => cursor === null || keyOf(row) < cursor);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return { rows: page, next: rows.length > limit && last !== undefined ? keyOf(last) : null, read: page.length };
    },
    get: async (id) => kept.get(id)?.row ?? null,
    stories: async (id) => ({ rows: kept.get(id)?.members ?? [], next: null }),
  };
  return { take, tell, reader };
}

const keyOf = ({ last, id }: StorylineRow) => `${last}#${id}`;
const later = (at: string, seconds: number) => new Date(Date.parse(at) + seconds * 1_000).toISOString();

function opened(story: StoredStory): Kept {
  const row = rowOf({ ...emptyRow, id: story.id, opened: story.published }, [story], false);
  return { row, members: [], stories: [] };
}

const emptyRow: StorylineRow = {
  ...{ id: '', title: '', opened: '', last: '', closed: null, stories: 0, outlets: [], wires: [], langs: [] },
  ...{ entities: [], events: [], priority: 'normal', states: ['new'], words: [] },
};

function rowOf(before: StorylineRow, stories: readonly StoredStory[], goesOn: boolean): StorylineRow {
  const all = (pick: (story: StoredStory) => readonly string[]) => [...new Set(stories.flatMap(pick))];
  const outlets = all(({ outlet }) => [outlet]);
  const newest = stories.at(-1) as StoredStory;
  const states: StorylineState[] = ['new'];
  if (outlets.length > 1) states.push('corroborated');
  if (stories.length > 7) states.push('escalated');
  if (goesOn && stories.some(({ revisions }) => revisions.length > 0)) states.push('corrected');
  return {
    ...before,
    title: goesOn ? before.title : newest.title,
    last: newest.published,
    closed: null,
    stories: stories.length,
    outlets,
    wires: outlets.filter((outlet) => outlet.endsWith('-wire')),
    langs: all(({ lang }) => [lang]),
    entities: all(({ match }) => match?.entities ?? []),
    events: all(({ match }) => match?.events ?? []),
    priority:
      priorities[Math.max(...stories.map(({ match }) => priorities.indexOf(match?.priority ?? 'low')))] ?? 'low',
    states,
    words: all(({ match }) => match?.evidence.map(({ text }) => text) ?? []).slice(0, 6),
  };
}
