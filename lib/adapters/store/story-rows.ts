import { gains } from '../../pipeline/gains.ts';
import type {
  Arrivals,
  AxisPage,
  AxisQuery,
  MatchRow,
  StoredStory,
  StoryRevision,
  StoryStore,
} from '../../pipeline/ports/story-store.ts';
import { monthsBetween } from './months.ts';
import { matchLayout, packMatchRow, unpackMatchRow } from './pack-match.ts';
import { isStoredTitle, packStory, storyLayout, unpackStory } from './pack-story.ts';
import type { Key, Table } from './table.ts';

/** Reads again after losing to another writer: a decision, or a second feed's revision. */
const mostTries = 5;

/** Of arrivals: since 2 one row is a batch's, written once its stories are stored. */
const arrivalsLayout = 2;

const storyKey = (id: string): Key => ({ pk: `STORY#${id}`, sk: 'STORY' });

/** When rows expire, counted from the story's first sight: what a match brought about, and a story that matched nothing. */
export type KeptDays = { readonly retentionDays: number; readonly unmatchedDays: number };

export function storyRows(table: Table, { retentionDays, unmatchedDays }: KeptDays): StoryStore {
  const expires = (seen: string, days = retentionDays) => Math.floor(Date.parse(seen) / 1000) + days * 86_400;
  const storyExpires = ({ seen, match }: StoredStory) => expires(seen, match === null ? unmatchedDays : retentionDays);

  return {
    async announce(by, at, ids) {
      await table.put({
        pk: `ARRIVALS#${at.slice(0, 10)}`,
        sk: `${at}#${by}`,
        kind: 'arrivals',
        v: arrivalsLayout,
        ids: [...ids],
        // A replay reads as far back as all stories are kept.
        expires: expires(at, unmatchedDays),
      });
    },
    putNew: (story) =>
      table.putIf(
        {
          ...storyKey(story.id),
          ...packStory(story),
          ...waiting(story),
          kind: 'story',
          v: storyLayout,
          expires: storyExpires(story),
        },
        'attribute_not_exists(pk)',
      ),
    async revise(id, revision) {
      for (let tries = 0; tries < mostTries; tries += 1) {
        const row = await table.get(storyKey(id));
        if (row === null) return;
        const before = unpackStory(row);
        const after = revised(before, revision);
        if (after === null) return;
        const put = {
          ...storyKey(id),
          ...packStory(after),
          ...waiting(after),
          kind: 'story',
          v: storyLayout,
          // A revision may have brought the match; nothing is kept shorter than when it was stored.
          expires: Math.max(storyExpires(after), row.expires as number),
        };
        const asRead = row.packed === undefined ? 'title' : 'packed';
        const { undecidedSince: wait } = before;
        const written = await table.putIf(
          put,
          `${asRead} = :was AND ${wait === null ? 'attribute_not_exists(workSk)' : 'workSk = :wait'}`,
          { ':was': row[asRead], ...(wait === null ? {} : { ':wait': wait }) },
        );
        if (written) return;
      }
      throw new Error(`story ${id} was written by others each time it was to be revised`);
    },
    async addSighting(id, feed, seen) {
      await table.putIf(
        { pk: `STORY#${id}`, sk: `SEEN#${feed}`, kind: 'sighting', v: 1, seen, expires: expires(seen) },
        'attribute_not_exists(pk)',
      );
    },
    async get(id) {
      const row = await table.get(storyKey(id));
      return row === null ? null : unpackStory(row);
    },
    async file(row) {
      for (const axis of axesOf(row)) {
        await table.put({
          pk: `AXIS#${axis}#${row.published.slice(0, 7)}`,
          sk: `${row.published}#${row.id}`,
          kind: 'match',
          v: matchLayout,
          ...packMatchRow(row),
          expires: expires(row.seen),
        });
      }
    },
    async decided(id, undecidedSince) {
      await table.update(storyKey(id), {
        set: 'REMOVE workPk, workSk',
        condition: 'workSk = :since',
        values: { ':since': undecidedSince },
      });
    },
    async undecided(before, limit) {
      const page = await table.query({
        IndexName: 'byWork',
        KeyConditionExpression: 'workPk = :work AND workSk < :before',
        ExpressionAttributeValues: { ':work': 'WORK#match', ':before': before },
        Limit: limit,
      });
      return page.rows.map(unpackStory);
    },
    page: (query) => readPage(table, query),
    async arrivals(day, page) {
      const pk = `ARRIVALS#${day}`;
      const rows =
        page === undefined
          ? await table.queryAll({
              KeyConditionExpression: 'pk = :day',
              ExpressionAttributeValues: { ':day': pk },
            })
          : (
              await table.query({
                KeyConditionExpression: 'pk = :day AND sk >= :from',
                ExpressionAttributeValues: { ':day': pk, ':from': page.from },
                Limit: page.limit,
              })
            ).rows;
      return rows.map((row): Arrivals => {
        const [at = '', by = ''] = row.sk.split('#');
        return { at, by, ids: row.ids as string[], isPromise: row.v === 1 };
      });
    },
  };
}

/** Null where the revision changes nothing: the second delivery of one finds its title already there. */
function revised(before: StoredStory, revision: StoryRevision): StoredStory | null {
  const retitled = !isStoredTitle(before.title, revision.title);
  if (!retitled && !gains(before.match, revision.match) && revision.tell === before.tell) return null;
  return {
    ...before,
    title: revision.title,
    summary: revision.summary,
    match: revision.match ?? before.match,
    tell: revision.tell,
    undecidedSince: revision.undecided ? revision.at : before.undecidedSince,
    revisions: retitled ? [...before.revisions, { at: revision.at, title: before.title }].slice(-10) : before.revisions,
  };
}

function waiting(story: StoredStory): Record<string, string> {
  return story.undecidedSince === null ? {} : { workPk: 'WORK#match', workSk: story.undecidedSince };
}

function axesOf(row: MatchRow): string[] {
  return [
    'all#',
    `source#${row.source}`,
    `lang#${row.lang}`,
    `storyline#${row.storyline}`,
    ...row.entities.map((id) => `entity#${id}`),
    ...row.events.map((id) => `event#${id}`),
  ];
}

/** Newest first, month by month, until the page is full, the window ends, or as many rows were read as one page may. */
async function readPage(table: Table, query: AxisQuery): Promise<AxisPage> {
  const axis = query.axis.name === 'all' ? 'all#' : `${query.axis.name}#${query.axis.value}`;
  const newest = `${query.until}#\uffff`;
  // DynamoDB refuses a range that is turned round and a start outside the range; both hold nothing.
  if (query.since > newest || (query.cursor !== null && query.cursor < query.since)) {
    return { rows: [], next: null, read: 0 };
  }
  const kept: MatchRow[] = [];
  // A cursor is the sort key of the last row that was looked at; the page goes on after it.
  let last = query.cursor !== null && query.cursor > newest ? null : query.cursor;
  let read = 0;
  // One more than a page lists says whether there is another. Where filters leave little, each look takes in more.
  let ask = query.limit + 1;
  for (const month of monthsBetween(query.since, (last ?? query.until).slice(0, 24))) {
    const pk = `AXIS#${axis}#${month}`;
    let from: Key | null = last?.startsWith(month) ? { pk, sk: last } : null;
    do {
      const { rows, next } = await table.query({
        KeyConditionExpression: 'pk = :axis AND sk BETWEEN :since AND :until',
        ExpressionAttributeValues: { ':axis': pk, ':since': query.since, ':until': newest },
        ScanIndexForward: false,
        Limit: Math.min(ask, query.readAtMost - read),
        ...(from === null ? {} : { ExclusiveStartKey: from }),
      });
      read += rows.length;
      ask *= 2;
      for (const row of rows) {
        if (kept.length === query.limit) return { rows: kept, next: last, read };
        last = row.sk;
        const match = unpackMatchRow(row);
        if (query.keep(match)) kept.push(match);
      }
      if (read >= query.readAtMost) return { rows: kept, next: last, read };
      from = next === null ? null : { pk: next.pk, sk: next.sk };
    } while (from !== null);
  }
  return { rows: kept, next: null, read };
}
