import type { Priority } from '../watchlist/matched.ts';

/** What grouping looks at in one story. */
export type StorylineStory = {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly url: string | null;
  /** BCP 47, lower case; '' where it is not known. */
  readonly lang: string;
  /** The feed or publisher as given; '' where it is not known. */
  readonly source: string;
  /** The newsroom's id, which corroboration counts; '' where it is not known. */
  readonly outlet: string;
  /** A wire of the first tier: copies of its text in other outlets count under it. */
  readonly wire: boolean;
  /** ISO 8601, UTC. */
  readonly published: string;
  /** What the watchlist found in it; both may be empty. */
  readonly entities: readonly string[];
  readonly events: readonly string[];
  readonly priority: Priority;
  /** The words by which its entities are named in it: they are compared as entities, and not again as words. */
  readonly named?: readonly string[];
};
