import type { Subscriber } from '../../core/subscriber/subscriber.ts';
import type { Tally } from '../../core/subscriber/tally.ts';

export type SubscriberStore = {
  list(): Promise<readonly Subscriber[]>;
  get(id: string): Promise<Subscriber | null>;
  put(subscriber: Subscriber): Promise<void>;
  /** Removes the row and its tally. */
  remove(id: string): Promise<void>;
  /** What the subscriber was sent of late, and the revision to name when it is written back; 0 before the first. */
  tally(id: string): Promise<{ readonly tally: Tally; readonly revision: number }>;
  /** False where it was written since it was read. */
  putTally(id: string, tally: Tally, readRevision: number): Promise<boolean>;
};
