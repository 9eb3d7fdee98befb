import { beforeEach, describe, expect, test } from 'vitest';
import type { StorylineState } from '../../lib/core/storyline/storyline-state.ts';
import { burst } from '../../lib/core/subscriber/token-bucket.ts';
import { decide } from '../../lib/pipeline/alert.ts';
import { integrationId } from '../../lib/pipeline/alert-message.ts';
import type { PlaceStory } from '../../lib/pipeline/place-story.ts';
import type { LedgerRow } from '../../lib/pipeline/ports/ledger-store.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import type { StoredStory } from '../../lib/pipeline/ports/story-store.ts';
import { tellDue } from '../../lib/pipeline/tell-together.ts';
import { aFeed, aMatch, aStory, aSubscriber } from '../adapters/store-suite.ts';
import { memoryStore } from './memory-store.ts';
import { alertDeps, iso, minutes } from './world.ts';

type World = Parameters<typeof alertDeps>[1];

let store: Store;
beforeEach(async () => {
  store = memoryStore();
  for (const id of ['bbc', 'afp', 'irna', 'sky']) await store.feeds.putConfig(aFeed(id), 'file');
});

const developments = [
  'Envoys sign an accord in Vienna',
  'Tanker seized off Bandar Abbas',
  'Rial falls to a record low',
  'Quake shakes Kerman province',
  'Parliament dismisses the minister of roads',
  'Lake Urmia fills after spring floods',
  'Wrestlers win gold at Tashkent',
  'Nurses strike over unpaid wages',
  'Saffron harvest fails near Mashhad',
];

/** A story of one development as an outlet tells it; those of one development are copies. */
async function aReport(id: string, development: number, outlet: string, fields: Partial<StoredStory> = {}) {
  const title = developments[development] as string;
  const url = `https://${outlet}.example/${id}`;
  const story = aStory(id, { title, feed: outlet, outlet, url, match: aMatch, undecidedSince: iso(0), ...fields });
  await store.stories.putNew(story);
  return story;
}

/** Decides stories one after the other; gives what the ledger then holds, as `subscriber state`. */
async function decided(stories: readonly StoredStory[], fields: World = {}): Promise<readonly string[]> {
  const deps = alertDeps(store, fields);
  for (const story of stories) await decide(story, deps);
  return entered(stories);
}

async function entered(stories: readonly StoredStory[]): Promise<readonly string[]> {
  return (await ledgerOf(stories)).map(({ subscriber, state }) => `${subscriber} ${state}`).sort();
}

async function ledgerOf(stories: readonly StoredStory[]): Promise<readonly LedgerRow[]> {
  const placed = await Promise.all(stories.map(({ id }) => store.storylines.placed(id)));
  const storylines = new Set(placed.flatMap((place) => place?.storyline ?? []));
  return (await Promise.all([...storylines].map((id) => store.ledger.ofStoryline(id)))).flat();
}

/** Says of one story that it brings a state, as a decision that reads its words would. */
function bringing(states: Readonly<Record<string, StorylineState>>): PlaceStory {
  const { place } = alertDeps(store);
  return async (story, isWire) => {
    const { placed, kept } = await place(story, isWire);
    const state = states[story.id];
    return { placed: state === undefined ? placed : { ...placed, reached: [state] }, kept };
  };
}

const copies = () => Promise.all(['bbc', 'afp', 'irna'].map((outlet) => aReport(`of-${outlet}`, 0, outlet)));
const programs = (...states: readonly StorylineState[]) => states.map((state) => `${integrationId} ${state}`);

describe('copies of one development from three outlets', () => {
  test('are told once as new and once as corroborated, to readers and to programs', async () => {
    await store.subscribers.put(aSubscriber('r'));
    const deps = alertDeps(store);
    for (const story of await copies()) await decide(story, deps);
    expect(deps.published.map(({ topicArn }) => topicArn).sort()).toEqual(
      ['arn:integration', 'arn:integration', aSubscriber('r').topicArn, aSubscriber('r').topicArn].sort(),
    );
    const states = deps.published.flatMap(({ attributes }) => attributes?.state ?? []);
    expect(states).toEqual(['new', 'corroborated']);
  });

  test('each decided again brings nothing more', async () => {
    await store.subscribers.put(aSubscriber('r'));
    const stories = await copies();
    expect(await decided([...stories, ...stories, ...stories])).toEqual([
      ...programs('corroborated', 'new'),
      'r corroborated',
      'r new',
    ]);
  });

  test('of which the third alone holds what a reader follows are new for them', async () => {
    await store.subscribers.put(aSubscriber('i', { follow: ['israel'] }));
    const [first, second] = await copies();
    const third = await aReport('late', 0, 'sky', { match: { ...aMatch, entities: ['israel'] } });
    const stories = [first, second, third] as StoredStory[];
    expect(await decided(stories)).toEqual(['i new', ...programs('corroborated', 'new')]);
    expect(await decided([third])).toEqual(['i new', ...programs('corroborated', 'new')]);
  });

  test('are told as corroborated alone to who asked for nothing else', async () => {
    await store.subscribers.put(aSubscriber('r', { states: ['corroborated'] }));
    expect(await decided(await copies())).toEqual([...programs('corroborated', 'new'), 'r corroborated']);
  });

  test('decided at the same time tell nobody twice of one state', async () => {
    for (const id of ['r', 's']) await store.subscribers.put(aSubscriber(id));
    const deps = alertDeps(store);
    await Promise.all((await copies()).flatMap((story) => [decide(story, deps), decide(story, deps)]));
    const mine = deps.published.filter(({ topicArn }) => topicArn === aSubscriber('r').topicArn);
    expect(mine.length).toBeLessThanOrEqual(2);
    expect(await entered(await copies())).toEqual(expect.arrayContaining(['r new', 's new', ...programs('new')]));
  });
});

test('a reader whom another story tells first, in the very moment, still hears what this one brings', async () => {
  await store.subscribers.put(aSubscriber('r'));
  const [first, second, third] = (await copies()) as [StoredStory, StoredStory, StoredStory];
  const { place } = alertDeps(store);
  for (const story of [first, second]) await place({ ...story, match: aMatch }, false);
  let raced = false;
  const ofStoryline: Store['ledger']['ofStoryline'] = async (id) => {
    const rows = await store.ledger.ofStoryline(id);
    if (!raced) {
      raced = true;
      await decided([first]);
    }
    return rows;
  };
  await decided([third], { ledger: { ...store.ledger, ofStoryline } });
  expect(await entered([first])).toEqual([...programs('corroborated', 'new'), 'r corroborated', 'r new']);
});

test('a seed that later stories join is told once as new', async () => {
  await store.subscribers.put(aSubscriber('r'));
  const seed = await aReport('seed', 0, 'bbc', { tell: false });
  expect(await decided([seed])).toEqual([]);
  const stories = [seed, await aReport('second', 0, 'afp'), await aReport('again', 0, 'afp')];
  expect(await decided(stories)).toEqual([...programs('new'), 'r new']);
});

test('a correction goes to those who were alerted, whatever they asked for, and to nobody else', async () => {
  await store.subscribers.put(aSubscriber('alerted', { states: ['new'], leastPriority: 'normal' }));
  const [first, , third] = (await copies()) as [StoredStory, StoredStory, StoredStory];
  await decided([first]);
  await store.subscribers.put(aSubscriber('elsewhere', { follow: ['sco'] }));
  await store.subscribers.put(aSubscriber('urgent', { leastPriority: 'critical' }));
  expect(await decided([third], { place: bringing({ [third.id]: 'corrected' }) })).toEqual([
    'alerted corrected',
    'alerted new',
    ...programs('corrected', 'new'),
  ]);
});

test('a later wording of the story that was told brings its correction', async () => {
  await store.subscribers.put(aSubscriber('r'));
  const story = await aReport('s0', 0, 'bbc');
  await decided([story]);
  const place = bringing({ s0: 'corrected' });
  const alerted = ['r corrected', 'r new'];
  expect(await decided([{ ...story, undecidedSince: iso(3) }], { place })).toEqual([
    ...programs('corrected', 'new'),
    ...alerted,
  ]);
});

test('quiet hours hold, and then all is told in one go', async () => {
  await store.subscribers.put(aSubscriber('r', { quiet: { start: '08:00', end: '10:00', criticalPasses: true } }));
  const stories = await Promise.all([0, 1, 2].map((n) => aReport(`s${n}`, n, 'bbc')));
  const urgent = await aReport('urgent', 3, 'bbc', { match: { ...aMatch, priority: 'critical' } });
  const deps = alertDeps(store);
  for (const story of [...stories, urgent]) await decide(story, deps);
  expect(deps.published.filter(({ topicArn }) => topicArn.endsWith('-r'))).toHaveLength(1);
  expect(await tellDue(minutes(59), deps)).toEqual({ done: 0, failed: 0 });
  expect(await toldTogether(61)).toEqual([['s0', 's1', 's2']]);
  expect(await toldTogether(90)).toEqual([]);
});

test('what is more than a burst is told together', async () => {
  await store.subscribers.put(aSubscriber('r'));
  const stories = await Promise.all(developments.map((_, n) => aReport(`s${n}`, n, 'bbc')));
  const deps = alertDeps(store);
  for (const story of stories) await decide(story, deps);
  expect(deps.published.filter(({ topicArn }) => topicArn.endsWith('-r'))).toHaveLength(burst);
  expect(await toldTogether(15)).toEqual([stories.slice(burst).map(({ id }) => id)]);
  const waited = (await ledgerOf(stories)).filter(({ subscriber }) => subscriber === 'r').map(({ waited }) => waited);
  expect(waited).toEqual([...Array(burst).fill(null), ...Array(stories.length - burst).fill('burst')]);
});

/** The stories of each message that the sweep of a minute publishes. */
async function toldTogether(minute: number): Promise<readonly (readonly string[])[]> {
  const asked: string[][] = [];
  const { texts } = alertDeps(store);
  const deps = alertDeps(store, {
    now: () => minutes(minute),
    texts: {
      ...texts,
      async forReader(claims, reader) {
        asked.push(claims.map(({ story }) => story).sort());
        return texts.forReader(claims, reader);
      },
    },
  });
  await tellDue(minutes(minute), deps);
  return asked;
}

describe('a held alert', () => {
  const hourly = { delivery: { kind: 'hourly' } } as const;
  let story: StoredStory;
  beforeEach(async () => {
    await store.subscribers.put(aSubscriber('r', hourly));
    story = await aReport('s0', 0, 'bbc');
    await decided([story]);
  });

  test('is told when it is due, once', async () => {
    expect(await toldTogether(59)).toEqual([]);
    expect((await Promise.all([toldTogether(61), toldTogether(61)])).flat()).toEqual([['s0']]);
  });

  test.each<[string, Parameters<typeof aSubscriber>[1]]>([
    ['paused everything', { paused: true }],
    ['muted its storyline', { muted: [{ storyline: 's0', until: iso(600) }] }],
    ['wants more urgent ones alone', { leastPriority: 'critical' }],
  ])('is ended where its reader meanwhile %s', async (_, fields) => {
    await store.subscribers.put(aSubscriber('r', { ...hourly, ...fields }));
    expect(await toldTogether(61)).toEqual([]);
    await store.subscribers.put(aSubscriber('r', hourly));
    expect(await toldTogether(121)).toEqual([]);
    expect(await store.ledger.unsent(iso(600), 10)).toEqual([]);
  });

  test('is ended where its reader has left', async () => {
    await store.subscribers.remove('r');
    expect(await toldTogether(61)).toEqual([]);
    expect(await store.ledger.unsent(iso(600), 10)).toEqual([]);
    expect(await store.ledger.due(iso(600), 10)).toEqual([]);
  });

  test('waits on through quiet hours that its reader has set meanwhile', async () => {
    const quiet = { start: '09:30', end: '11:00', criticalPasses: false };
    await store.subscribers.put(aSubscriber('r', { ...hourly, quiet }));
    expect(await toldTogether(61)).toEqual([]);
    expect(await toldTogether(121)).toEqual([['s0']]);
  });
});

test('a changed preference holds from the next alert', async () => {
  await store.subscribers.put(aSubscriber('r', { follow: ['iran'] }));
  const before = await decided([await aReport('s0', 0, 'bbc')]);
  await store.subscribers.put(aSubscriber('r', { follow: ['sco'] }));
  const after = await decided([await aReport('s1', 1, 'bbc')]);
  expect([before, after]).toEqual([[...programs('new'), 'r new'], programs('new')]);
});

test.each<[string, Parameters<typeof aSubscriber>[1]]>([
  ['is paused', { paused: true }],
  ['reads another language', { langs: ['fa'] }],
])('a reader who %s is not told, and nothing is entered', async (_, fields) => {
  await store.subscribers.put(aSubscriber('r', fields));
  expect(await decided([await aReport('s0', 0, 'bbc')])).toEqual(programs('new'));
});

test('many stories decided at the same time take their places in one reader’s burst, each its own', async () => {
  await store.subscribers.put(aSubscriber('r'));
  const words = Array.from({ length: 40 }, (_, n) => `Alpha${n} bravo${n} charlie${n} delta${n}`);
  const stories = await Promise.all(words.map((title, n) => aReport(`s${n}`, 0, 'bbc', { title })));
  const deps = alertDeps(store);
  await Promise.all(stories.map((story) => decide(story, deps)));
  expect(deps.published.filter(({ topicArn }) => topicArn.endsWith('-r'))).toHaveLength(burst);
});

test('trouble with a dozen readers is logged and they are tried again; the others are told at once', async () => {
  const ids = Array.from({ length: 30 }, (_, n) => `r${10 + n}`);
  for (const id of ids) await store.subscribers.put(aSubscriber(id));
  const story = await aReport('s0', 0, 'bbc');
  const tally: Store['subscribers']['tally'] = async (id) => {
    if (Number(id.slice(1)) < 22) throw new Error('a row nobody can read');
    return store.subscribers.tally(id);
  };
  const deps = alertDeps(store, { subscribers: { ...store.subscribers, tally } });
  await expect(decide(story, deps)).rejects.toThrow('a row nobody can read');
  expect(await entered([story])).toEqual([...programs('new'), ...ids.slice(12).map((id) => `${id} new`)]);
  expect(deps.lines).toHaveLength(12);
  expect(deps.lines).toContainEqual(
    expect.objectContaining({ event: 'alert not decided', subscriber: 'r10', storyline: 's0' }),
  );
  expect((await store.stories.get('s0'))?.undecidedSince).toBe(iso(0));
  expect(await decided([story])).toEqual([...programs('new'), ...ids.map((id) => `${id} new`)]);
});

test('each claim’s lease begins when it is made, however long others were told before', async () => {
  await store.subscribers.put(aSubscriber('r'));
  const story = await aReport('s0', 0, 'bbc');
  let minute = 0;
  const tally: Store['subscribers']['tally'] = async (id) => {
    minute += 5;
    return store.subscribers.tally(id);
  };
  await decided([story], { subscribers: { ...store.subscribers, tally }, now: () => minutes(minute) });
  const row = (await ledgerOf([story])).find(({ subscriber }) => subscriber === 'r');
  expect(row).toMatchObject({ decided: iso(0), claimed: iso(5) });
});
