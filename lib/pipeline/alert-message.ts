import type { AlertFacts } from '../core/alert/alert-facts.ts';
import { renderEmail } from '../core/alert/render-email.ts';
import { renderIntegration } from '../core/alert/render-integration.ts';
import { renderSms } from '../core/alert/render-sms.ts';
import { reasons } from '../core/alert/wants.ts';
import type { Subscriber } from '../core/subscriber/subscriber.ts';
import type { LiveMatcher } from './live-matcher.ts';
import { mapLimited } from './map-limited.ts';
import type {
  FeedRow,
  KeptStoryline,
  LedgerRow,
  Log,
  Publish,
  StoredStory,
  StorylineStore,
  StoryStore,
} from './ports.ts';

export type Message = Omit<Parameters<Publish>[0], 'topicArn'>;

/** Writes what claims of the ledger are to say: none where the stories' rows have expired. */
export type AlertTexts = {
  /** One message for one reader: their reasons, their time zone, the form of their channel. */
  forReader(claims: readonly Claimed[], reader: Subscriber): Promise<readonly Message[]>;
  /** A message a claim, each with the attributes that filter policies look at. */
  forPrograms(claims: readonly Claimed[]): Promise<readonly Message[]>;
};

export type Claimed = Pick<LedgerRow, 'storyline' | 'state' | 'story'>;

export type TextDeps = {
  readonly stories: Pick<StoryStore, 'get'>;
  readonly storylines: Pick<StorylineStore, 'get'>;
  readonly feed: (id: string) => Promise<FeedRow | null>;
  readonly matcher: LiveMatcher;
  readonly log: Log;
};

/** The subscriber's id under which the integration topic is entered in the ledger. */
export const integrationId = 'integration';

export function alertTexts(deps: TextDeps): AlertTexts {
  return {
    async forReader(claims, reader) {
      const facts = await allFacts(claims, deps);
      return facts.map((one) => messageFor(withReasonsOf(one, reader), reader));
    },
    async forPrograms(claims) {
      const facts = await allFacts(claims, deps);
      return facts.map((one) => {
        const { message, attributes } = renderIntegration(one);
        return { subject: null, body: JSON.stringify(message), attributes };
      });
    },
  };
}

function messageFor(facts: AlertFacts, reader: Subscriber): Message {
  if (reader.channel === 'sms') return { subject: null, body: renderSms(facts) };
  if (reader.channel === 'https') return { subject: null, body: JSON.stringify(renderIntegration(facts).message) };
  return renderEmail(facts, { timeZone: reader.timeZone, manageUrl: null, storylineUrl: null });
}

/** Without what the reader does not follow: a storyline's story may have matched much else. */
function withReasonsOf(facts: AlertFacts, reader: Subscriber): AlertFacts {
  const why = new Set(
    reasons(
      reader.follow,
      [...facts.events, ...facts.entities].map(({ id }) => id),
    ),
  );
  // Whoever was told of the storyline hears of its states, even by a story that holds nothing they follow.
  if (why.size === 0) return facts;
  return {
    ...facts,
    entities: facts.entities.filter(({ id }) => why.has(id)),
    events: facts.events.filter(({ id }) => why.has(id)),
    evidence: facts.evidence.filter(({ target }) => why.has(target)),
  };
}

async function allFacts(claims: readonly Claimed[], deps: TextDeps): Promise<readonly AlertFacts[]> {
  const facts = await mapLimited(claims, 10, (claim) => factsOf(claim, deps));
  return facts.filter((one) => one !== null);
}

async function factsOf(claim: Claimed, deps: TextDeps): Promise<AlertFacts | null> {
  const [story, kept] = await Promise.all([deps.stories.get(claim.story), deps.storylines.get(claim.storyline)]);
  if (story === null || story.match === null) {
    // Its row has expired, and nothing can be said of it any more.
    deps.log({ event: 'alert without a story', storyline: claim.storyline, story: claim.story });
    return null;
  }
  const outlet = (await deps.feed(story.feed))?.config.name ?? story.outlet;
  const named = (ids: readonly string[]) => ids.map((id) => ({ id, name: deps.matcher.nameOf(id) }));
  return {
    storyline: claim.storyline,
    state: claim.state,
    priority: kept?.storyline.priority ?? story.match.priority,
    story: {
      id: story.id,
      title: story.title === '' ? story.summary : story.title,
      outlet,
      url: story.url,
      published: story.published,
      lang: story.lang,
    },
    entities: named(story.match.entities),
    events: named(story.match.events),
    evidence: story.match.evidence,
    ...carriers(kept, story),
  };
}

function carriers(
  kept: KeptStoryline | null,
  story: StoredStory,
): { readonly outlets: number; readonly wires: number } {
  const { outlets, wires } = kept?.storyline ?? { outlets: [story.outlet], wires: [] };
  return { outlets: Math.max(1, outlets.length), wires: wires.length };
}
