import type { StorylineState } from '../../core/storyline/storyline-state.ts';
import type { HoldReason } from '../../core/subscriber/when-to-tell.ts';

/** One alert to one subscriber: claimed before it is published, so that nobody is told twice. */
export type LedgerRow = {
  readonly storyline: string;
  readonly state: StorylineState;
  /** A subscriber's id, or `integration`. */
  readonly subscriber: string;
  readonly story: string;
  readonly published: string;
  readonly seen: string;
  readonly decided: string;
  readonly claimed: string;
  /** When SNS accepted it; null while only claimed or held. */
  readonly sent: string | null;
  readonly tier: number;
  /** Set while it waits to be told together with others; null from the time it is claimed. */
  readonly held: { readonly until: string; readonly why: HoldReason } | null;
  /** Why it was held, kept when it is told: what was meant to wait says nothing of how fast alerts are. */
  readonly waited: HoldReason | null;
};

export type LedgerStore = {
  /** Claims it for publishing, or, where `held` is set, enters it to be told later. True for one caller alone. */
  claim(row: Omit<LedgerRow, 'sent'>): Promise<boolean>;
  /** Held alerts whose time has come. */
  due(before: string, limit: number): Promise<readonly LedgerRow[]>;
  /** One reader's alerts that are held until exactly that time. */
  heldUntil(until: string, subscriber: string, limit: number): Promise<readonly LedgerRow[]>;
  /** Claims a held alert for publishing; true for one caller alone. */
  take(row: LedgerRow, now: string): Promise<boolean>;
  /** Moves a held alert to a later time. */
  postpone(row: LedgerRow, held: NonNullable<LedgerRow['held']>): Promise<void>;
  /** Takes over a claim whose lease has passed; true for one caller alone. */
  reclaim(row: LedgerRow, now: string): Promise<boolean>;
  markSent(row: Omit<LedgerRow, 'sent'>, sent: string): Promise<void>;
  /** Takes a claim that nobody wants any more out of the work; it stays entered, and counts as never sent. */
  end(row: Omit<LedgerRow, 'sent'>): Promise<void>;
  /** Claims made before a time and never sent. */
  unsent(before: string, limit: number): Promise<readonly LedgerRow[]>;
  sentOn(day: string, limit: number): Promise<readonly LedgerRow[]>;
  ofStoryline(storyline: string): Promise<readonly LedgerRow[]>;
};
