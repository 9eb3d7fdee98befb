import type { StorylineState } from '../storyline/storyline-state.ts';
import type { Priority } from '../watchlist/matched.ts';
import type { Subscriber } from './subscriber.ts';
import type { Tally } from './tally.ts';

/** An alert as the decision about its time sees it. */
export type AlertAtHand = {
  readonly storyline: string;
  readonly state: StorylineState;
  readonly priority: Priority;
  readonly lang: string;
};

/** What becomes of one alert for one subscriber. */
export type Verdict =
  | { readonly kind: 'now' }
  /** Told together with whatever else is held, at the first sweep after that time. */
  | { readonly kind: 'hold'; readonly until: string; readonly why: HoldReason }
  /** Never told. */
  | { readonly kind: 'not'; readonly why: 'paused' | 'muted' | 'language' | 'priority' | 'state' };

export type HoldReason = 'digest' | 'quiet hours' | 'burst' | 'sms cap';

// INTEGRATE
export function whenToTell(_subscriber: Subscriber, _tally: Tally, _alert: AlertAtHand, _now: Date): Verdict {
  return { kind: 'now' };
}
