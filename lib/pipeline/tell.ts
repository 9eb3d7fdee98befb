import { stateToTell } from '../core/alert/state-to-tell.ts';
import { wants } from '../core/alert/wants.ts';
import type { StorylineState } from '../core/storyline/storyline-state.ts';
import type { Channel, Subscriber } from '../core/subscriber/subscriber.ts';
import type { Tally } from '../core/subscriber/tally.ts';
import { type AlertAtHand, afterTelling, type Verdict, whenToTell } from '../core/subscriber/when-to-tell.ts';
import { type AlertTexts, integrationId } from './alert-message.ts';
import { mapLimited } from './map-limited.ts';
import type { MatchedStory, Place } from './place-story.ts';
import type { LedgerRow, LedgerStore } from './ports/ledger-store.ts';
import type { Log, Publish } from './ports/outside.ts';
import type { SubscriberStore } from './ports/subscriber-store.ts';

export type TellDeps = {
  readonly ledger: LedgerStore;
  readonly subscribers: SubscriberStore;
  readonly texts: AlertTexts;
  readonly publish: Publish;
  readonly integrationTopic: string;
  /** Counts a message that SNS accepted. */
  readonly accepted: (to: Channel | 'programs') => void;
  /** What one part of an SMS is reckoned to cost, in US dollars. */
  readonly smsUsd: number;
  readonly now: () => Date;
  readonly log: Log;
};

export type Told = {
  /** Alerts that SNS accepted for subscribers; the integration topic's message is not counted. */
  readonly sent: number;
  /** Entered to be told later, together with others. */
  readonly held: number;
  /** Claimed and not accepted: left for `digest`. */
  readonly unsent: number;
};

export type Claim = Omit<LedgerRow, 'sent'>;

const mostTries = 10;
const allStates: readonly StorylineState[] = ['new', 'corroborated', 'escalated', 'corrected'];

/** What one story has done to its storyline, as it is told. */
type Telling = { readonly story: MatchedStory; readonly place: Place; readonly tier: number; readonly decided: string };

/** Tells each subscriber who is to hear what this story did to its storyline, and the integration topic. */
export async function tellAll(story: MatchedStory, place: Place, tier: number, deps: TellDeps): Promise<Told> {
  const telling = { story, place, tier, decided: deps.now().toISOString() };
  const told = await toldBefore(place, deps);
  const readers = await deps.subscribers.list();
  const ears = [...readers.map((reader) => readersEar(reader, telling, deps)), programsEar(telling, deps)];
  const troubles: unknown[] = [];
  const results = await mapLimited(ears, 10, (ear) =>
    tellOne(ear, told.get(ear.id) ?? [], telling, deps).catch((error): Result => {
      const where = { trace: story.trace, story: story.id, storyline: place.placed.storyline };
      deps.log({ event: 'alert not decided', ...where, subscriber: ear.id, error: String(error) });
      troubles.push(error);
      return 'not decided';
    }),
  );
  // Thrown once all others are told, so that the story goes on to wait, and this reader is tried again.
  if (troubles.length > 0) throw troubles[0];
  const count = (result: Result) => results.filter((one) => one === result).length;
  return { sent: count('sent'), held: count('held'), unsent: count('not sent') };
}

async function toldBefore({ placed }: Place, { ledger }: TellDeps): Promise<ReadonlyMap<string, readonly LedgerRow[]>> {
  return Map.groupBy(await ledger.ofStoryline(placed.storyline), ({ subscriber }) => subscriber);
}

/** `before` is what the ledger held of the storyline for this reader when the telling began. */
async function tellOne(ear: Ear, before: readonly LedgerRow[], telling: Telling, deps: TellDeps): Promise<Result> {
  let rows = before;
  for (let tries = 0; tries < allStates.length; tries += 1) {
    const state = stateFor(ear, rows, telling);
    const result = state === null ? 'not wanted' : await ear.tell(state);
    if (result !== 'told before') return result;
    // Another story told it in this very moment: what this one brings may be left to tell.
    rows = (await toldBefore(telling.place, deps)).get(ear.id) ?? [];
  }
  return 'told before';
}

function stateFor(
  { states, follows }: Ear,
  rows: readonly LedgerRow[],
  { story, place }: Telling,
): StorylineState | null {
  if (rows.some((row) => saysAllOf(row, story))) return null;
  const told = new Set(rows.map(({ state }) => state));
  return stateToTell({ states, follows, told }, { reached: place.placed.reached, states: place.kept.storyline.states });
}

/**
 * A story that is decided again tells nobody a second thing: who was told by this very wording has read it all. A later
 * wording of the same story waits since a later time.
 */
function saysAllOf(row: LedgerRow, story: MatchedStory): boolean {
  return row.story === story.id && row.decided >= (story.undecidedSince ?? '');
}

/** A reader, or the integration topic, as the decision what to tell sees them. */
type Ear = {
  readonly id: string;
  readonly states: readonly StorylineState[];
  readonly follows: boolean;
  readonly tell: (state: StorylineState) => Promise<Result>;
};

function readersEar(reader: Subscriber, telling: Telling, deps: TellDeps): Ear {
  const { story, place } = telling;
  // How urgent the storyline has become, not this story: a copy may leave out what made it so.
  const { priority } = place.kept.storyline;
  return {
    id: reader.id,
    states: reader.states,
    follows: wants(reader, { ...story.match, priority }),
    tell(state) {
      const alert = { storyline: place.placed.storyline, priority, lang: story.lang, state };
      return tellReader(claimOf(reader.id, state, telling), reader, alert, deps);
    },
  };
}

function programsEar(telling: Telling, deps: TellDeps): Ear {
  return {
    id: integrationId,
    states: allStates,
    follows: true,
    async tell(state) {
      const result = await claimAndSend(claimOf(integrationId, state, telling), null, deps);
      return result === 'sent' ? 'told programs' : result;
    },
  };
}

function claimOf(subscriber: string, state: StorylineState, { story, place, tier, decided }: Telling): Claim {
  const { id, published, seen } = story;
  return {
    ...{ storyline: place.placed.storyline, state, subscriber, story: id, published, seen },
    ...{ decided, claimed: decided, tier, held: null, waited: null },
  };
}

type Result = 'told before' | 'not decided' | 'told programs' | 'not wanted' | 'held' | 'sent' | 'not sent';

async function tellReader(claim: Claim, reader: Subscriber, alert: AlertAtHand, deps: TellDeps): Promise<Result> {
  const verdict = await reserve(reader, alert, deps);
  if (verdict.kind === 'not') return 'not wanted';
  if (verdict.kind === 'now') return claimAndSend(claim, reader, deps);
  const { until, why } = verdict;
  return (await deps.ledger.claim({ ...claim, held: { until, why } })) ? 'held' : 'told before';
}

/**
 * When the reader may be told; where that is now, the message is counted already: of two alerts that are decided at the
 * same time each takes its own place in the burst and under the caps.
 */
async function reserve(reader: Subscriber, alert: AlertAtHand, deps: TellDeps): Promise<Verdict> {
  const price = { smsUsd: deps.smsUsd };
  return withTally(reader, deps, (tally, now) => {
    const verdict = whenToTell(reader, tally, alert, now, price);
    return { result: verdict, after: verdict.kind === 'now' ? afterTelling(reader, tally, now, price) : null };
  });
}

/** Decides by a reader's tally and writes what it becomes (null: as it is), once, whoever else writes it meanwhile. */
export async function withTally<Result>(
  reader: Subscriber,
  deps: Pick<TellDeps, 'subscribers' | 'now'>,
  decide: (tally: Tally, now: Date) => { readonly result: Result; readonly after: Tally | null },
): Promise<Result> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const { tally, revision } = await deps.subscribers.tally(reader.id);
    const { result, after } = decide(tally, deps.now());
    if (after === null || (await deps.subscribers.putTally(reader.id, after, revision))) return result;
  }
  throw new Error(`the tally of subscriber ${reader.id} was written by others each time`);
}

/** `reader` is null for the integration topic. */
async function claimAndSend(claim: Claim, reader: Subscriber | null, deps: TellDeps): Promise<Result> {
  // The lease begins here, however long the others were told before.
  if (!(await deps.ledger.claim({ ...claim, claimed: deps.now().toISOString() }))) return 'told before';
  return (await sendClaimed([claim], reader, deps)) ? 'sent' : 'not sent';
}

/**
 * Publishes what one reader's claims say as one message and marks them as sent. A failure leaves the claims open: `digest`
 * finds them once their lease has passed.
 */
export async function sendClaimed(
  claims: readonly Claim[],
  reader: Subscriber | null,
  deps: TellDeps,
): Promise<boolean> {
  try {
    const message = reader === null ? await deps.texts.forPrograms(claims) : await deps.texts.forReader(claims, reader);
    const topicArn = reader === null ? deps.integrationTopic : reader.topicArn;
    for (const part of message) {
      await deps.publish({ topicArn, ...part });
      deps.accepted(reader?.channel ?? 'programs');
    }
  } catch (error) {
    const [first] = claims;
    // Of several the first: their stories' traces stand in the lines of their decisions.
    const where = { story: first?.story, storyline: first?.storyline, subscriber: first?.subscriber };
    deps.log({ event: 'alert not accepted', ...where, alerts: claims.length, error: String(error) });
    return false;
  }
  const sent = deps.now().toISOString();
  for (const claim of claims) await deps.ledger.markSent(claim, sent);
  return true;
}
