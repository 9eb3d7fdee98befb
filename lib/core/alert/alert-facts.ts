import type { StorylineState } from '../storyline/storyline-state.ts';
import type { Priority } from '../watchlist/matched.ts';

/** Something that is followed, under the name that the watchlist gives it. */
export type Followed = { readonly id: string; readonly name: string };

/** All that an alert may say of one storyline's state: the same for every reader and every channel. */
export type AlertFacts = {
  /** The storyline's id. */
  readonly storyline: string;
  readonly state: StorylineState;
  readonly priority: Priority;
  /** The story that brought the storyline to this state. */
  readonly story: {
    readonly id: string;
    /** As the outlet wrote it: any length, any script, not yet safe to show. */
    readonly title: string;
    readonly outlet: string;
    readonly url: string | null;
    /** ISO 8601 in UTC. */
    readonly published: string;
    /** BCP 47 */
    readonly lang: string;
  };
  readonly entities: readonly Followed[];
  readonly events: readonly Followed[];
  /** The words of the story that matched, each with the entity or event it helped. */
  readonly evidence: readonly { readonly target: string; readonly text: string }[];
  /** Independent outlets that carry the storyline; copies of one wire count once, under the wire. */
  readonly outlets: number;
  /** How many of the outlets are wires. */
  readonly wires: number;
};

/** Whom an e-mail is written for. */
export type AlertReader = {
  /** IANA zone; times fall back to UTC where it does not exist. */
  readonly timeZone: string;
  /** The storyline's own page, or null. */
  readonly storylineUrl: string | null;
  /** Where the reader mutes this storyline; signed for them, as the next two; null where there is no such page. */
  readonly muteUrl: string | null;
  readonly changeUrl: string | null;
  readonly stopUrl: string | null;
};

/** What to call it where the story has no title: its events, else its entities. */
export function followedNames(facts: AlertFacts): string {
  const named = facts.events.length > 0 ? facts.events : facts.entities;
  return named.map(({ name }) => name).join(', ');
}
