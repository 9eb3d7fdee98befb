import type { ControlStore } from './control-store.ts';
import type { FeedStore } from './feed-store.ts';
import type { LedgerStore } from './ledger-store.ts';
import type { SeriesStore } from './series-store.ts';
import type { StoryStore } from './story-store.ts';
import type { StorylineStore } from './storyline-store.ts';
import type { SubscriberStore } from './subscriber-store.ts';

/**
 * What the steps need from the world, a file each. Times are ISO 8601 in UTC. Every write may be repeated with the same input
 * and changes nothing the second time.
 */
export type Store = {
  readonly feeds: FeedStore;
  readonly stories: StoryStore;
  readonly storylines: StorylineStore;
  readonly ledger: LedgerStore;
  readonly subscribers: SubscriberStore;
  readonly control: ControlStore;
  readonly series: SeriesStore;
};
