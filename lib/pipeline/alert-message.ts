import type { AlertFacts, AlertReader } from '../core/alert/alert-facts.ts';
import type { DigestEntry } from '../core/alert/latest-first.ts';
import { mainReason, renderDigest, renderDigestJson, renderDigestSms } from '../core/alert/render-digest.ts';
import { renderEmail } from '../core/alert/render-email.ts';
import { renderIntegration } from '../core/alert/render-integration.ts';
import { renderSms } from '../core/alert/render-sms.ts';
import { reasons } from '../core/alert/wants.ts';
import { type LinkKey, readerLinks } from '../core/subscriber/signed-link.ts';
import type { Subscriber } from '../core/subscriber/subscriber.ts';
import type { HoldReason } from '../core/subscriber/when-to-tell.ts';
import type { LiveMatcher } from './live-matcher.ts';
import { mapLimited } from './map-limited.ts';
import type { FeedRow } from './ports/feed-store.ts';
import type { LedgerRow } from './ports/ledger-store.ts';
import type { Log, Publish } from './ports/outside.ts';
import type { StoredStory, StoryStore } from './ports/story-store.ts';
import type { KeptStoryline, StorylineStore } from './ports/storyline-store.ts';

export type Message = Omit<Parameters<Publish>[0], 'topicArn'>;

/** Writes what claims of the ledger are to say: none where the stories' rows have expired. */
export type AlertTexts = {
  /** One message for one reader: their reasons, their time zone, the form of their channel. */
  forReader(claims: readonly Claimed[], reader: Subscriber): Promise<readonly Message[]>;
  /** A message a claim, each with the attributes that filter policies look at. */
  forPrograms(claims: readonly Claimed[]): Promise<readonly Message[]>;
};

export type Claimed = Pick<LedgerRow, 'storyline' | 'state' | 'story' | 'decided' | 'waited'>;

export type TextDeps = {
  readonly stories: Pick<StoryStore, 'get'>;
  readonly storylines: Pick<StorylineStore, 'get'>;
  readonly feed: (id: string) => Promise<FeedRow | null>;
  readonly matcher: LiveMatcher;
  /** Keys that links to mute, change and stop are signed with; none before the first apply. */
  readonly linkKeys: () => Promise<readonly LinkKey[]>;
  /** Where the page and the readers' links lie. */
  readonly publicUrl: string;
  readonly now: () => Date;
  readonly log: Log;
};

/** The subscriber's id under which the integration topic is entered in the ledger. */
export const integrationId = 'integration';

export function alertTexts(deps: TextDeps): AlertTexts {
  return {
    async forReader(claims, reader) {
      const entries = (await allEntries(claims, deps)).map(({ facts, at }) => ({
        facts: forFollower(facts, reader),
        at,
      }));
      const linksOf = await linksFor(reader, deps);
      const [first] = entries;
      if (first === undefined) return [];
      if (entries.length === 1) return [oneMessage(first.facts, reader, linksOf)];
      return [togetherMessage(entries, mainReason(claims.flatMap(({ waited }) => waited ?? [])), reader, linksOf)];
    },
    async forPrograms(claims) {
      return (await allEntries(claims, deps)).map(({ facts }) => {
        const { message, attributes } = renderIntegration(facts);
        return { subject: null, body: JSON.stringify(message), attributes };
      });
    },
  };
}

type LinksOf = (storyline: string | null) => Pick<AlertReader, 'storylineUrl' | 'muteUrl' | 'changeUrl' | 'stopUrl'>;

export async function linksFor(
  { id: subscriber }: Subscriber,
  { linkKeys, publicUrl, now }: Pick<TextDeps, 'linkKeys' | 'publicUrl' | 'now'>,
): Promise<LinksOf> {
  const keys = await linkKeys();
  return (storyline) => ({
    storylineUrl: storyline === null ? null : storylineUrl(publicUrl, storyline),
    ...readerLinks({ subscriber, storyline, now: now() }, { keys, publicUrl }),
  });
}

/** The storyline's own page. */
function storylineUrl(publicUrl: string, storyline: string): string {
  return `${publicUrl.replace(/\/$/, '')}/#/storyline/${encodeURIComponent(storyline)}`;
}

function oneMessage(facts: AlertFacts, reader: Subscriber, linksOf: LinksOf): Message {
  if (reader.channel === 'sms') return { subject: null, body: renderSms(facts) };
  if (reader.channel === 'https') return { subject: null, body: JSON.stringify(renderIntegration(facts).message) };
  return renderEmail(facts, { timeZone: reader.timeZone, ...linksOf(facts.storyline) });
}

function togetherMessage(
  entries: readonly DigestEntry[],
  why: HoldReason,
  reader: Subscriber,
  linksOf: LinksOf,
): Message {
  if (reader.channel === 'sms') return { subject: null, body: renderDigestSms(entries) };
  if (reader.channel === 'https') return { subject: null, body: renderDigestJson(entries, why) };
  return renderDigest(entries, { timeZone: reader.timeZone, ...linksOf(null), linksOf }, why);
}

/** Without what the reader does not follow: a storyline's story may have matched much else. */
function forFollower(facts: AlertFacts, reader: Subscriber): AlertFacts {
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

async function allEntries(claims: readonly Claimed[], deps: TextDeps): Promise<readonly DigestEntry[]> {
  const entries = await mapLimited(claims, 10, async (claim) => ({
    facts: await factsOf(claim, deps),
    at: claim.decided,
  }));
  return entries.flatMap(({ facts, at }) => (facts === null ? [] : [{ facts, at }]));
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
