import type { Subscriber } from '../core/subscriber/subscriber.ts';
import type { Finding } from './finding.ts';
import { mapLimited } from './map-limited.ts';
import type { ControlStore } from './ports/control-store.ts';
import type { Log } from './ports/outside.ts';
import type { SubscriberStore } from './ports/subscriber-store.ts';

/** A reader's topic as this version makes it. */
export type TopicRenewal = {
  /** Names what is set, so that another key has every topic set again. */
  readonly shape: string;
  /** Gives a topic what a new one would have; what it has already stays. A topic that is gone is none to renew. */
  renew(subscriber: Subscriber): Promise<void>;
};

export type RenewTopicsDeps = {
  readonly subscribers: Pick<SubscriberStore, 'list'>;
  readonly control: Pick<ControlStore, 'beat' | 'putBeat'>;
  readonly topics: TopicRenewal;
  readonly now: () => Date;
  readonly log: Log;
};

export type TopicsRenewed = {
  /** Topics that are by now as a new one would be. */
  readonly renewed: number;
  /** Tried again at the next call, before all others. */
  readonly failed: number;
  /** For which there was no time; the next call goes on with them. */
  readonly left: number;
};

/** What the last call left, by which the next goes on. */
type Mark = {
  readonly shape: string;
  readonly through: string;
  readonly failed: readonly string[];
  readonly left: number;
};

const beatName = 'reader-topics';
const nothingYet: Omit<Mark, 'shape'> = { through: '', failed: [], left: 0 };
/** SNS answers some tens of such questions a second, for the whole account. */
const atOnce = 5;
const slice = 50;
/** So many that fail are not single bad topics: the rest is left for when that is mended. */
const mostFailed = 500;

/**
 * Brings readers' topics that an earlier version made to what this one makes: each once, in the order in which readers
 * came, for `mostMs` at most. Asks nothing about topics: setting what is set changes nothing. Those of readers who came
 * since the last call are set again, for a reader may have come by the code of before while a deploy was on its way.
 */
export async function renewTopics(deps: RenewTopicsDeps, mostMs: number): Promise<TopicsRenewed> {
  const { shape } = deps.topics;
  const began = deps.now().getTime();
  const last = (await deps.control.beat(beatName))?.note as Mark | undefined;
  const mark = last?.shape === shape ? last : nothingYet;
  const inOrder = (await deps.subscribers.list()).toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
  const again = inOrder.filter(({ id }) => mark.failed.includes(id));
  const rest = inOrder.filter((one) => place(one) > mark.through && !mark.failed.includes(one.id));

  const failed: string[] = [];
  let done = 0;
  const waiting = [...again, ...rest];
  while (done < waiting.length && failed.length < mostFailed && deps.now().getTime() - began < mostMs) {
    const now = waiting.slice(done, done + slice);
    failed.push(...(await renewEach(now, deps)));
    done += now.length;
  }
  // Those that had failed before and were not come to.
  failed.push(...again.slice(done).map(({ id }) => id));
  const reached = Math.max(0, done - again.length);
  const lastOne = rest[reached - 1];
  const through = lastOne === undefined ? mark.through : place(lastOne);
  const left = rest.length - reached;
  await deps.control.putBeat(beatName, deps.now().toISOString(), { shape, through, failed, left } satisfies Mark);
  const renewed = { renewed: done + again.slice(done).length - failed.length, failed: failed.length, left };
  deps.log({ event: 'reader topics renewed', ...renewed });
  return renewed;
}

/** What the last call could not do; nothing where every topic is as it should be. */
export async function topicFindings(control: Pick<ControlStore, 'beat'>): Promise<readonly Finding[]> {
  const mark = (await control.beat(beatName))?.note as Mark | undefined;
  if (mark === undefined || mark.failed.length + mark.left === 0) return [];
  const failed =
    mark.failed.length === 0 ? '' : `; ${mark.failed.length} failed: ${mark.failed.slice(0, 10).join(', ')}`;
  return [
    {
      level: 'warning',
      what: `topics of ${mark.failed.length + mark.left} readers are still as an earlier version made them${failed}`,
      remedy: 'run wirewatch apply again, which goes on with them; what failed is in the log of the apply function',
    },
  ];
}

/** Ids of those that failed; one that fails keeps none of the others from being renewed. */
async function renewEach(subscribers: readonly Subscriber[], { topics, log }: RenewTopicsDeps): Promise<string[]> {
  const outcomes = await mapLimited(subscribers, atOnce, async (subscriber) => {
    try {
      await topics.renew(subscriber);
      return [];
    } catch (error) {
      log({ event: 'reader topic not renewed', subscriber: subscriber.id, error: String(error) });
      return [subscriber.id];
    }
  });
  return outcomes.flat();
}

/** Sorts by the time at which readers came; of the same time, by id. */
function place({ created, id }: Subscriber): string {
  return `${created} ${id}`;
}
