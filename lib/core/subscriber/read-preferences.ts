import { readDelivery, readQuiet } from './read-delivery.ts';
import { readLangs, readTimeZone } from './read-place.ts';
import { didYouMean, quoted, type Read, type Refusal, readWord, refuse } from './refusal.ts';
import type { Preferences } from './subscriber.ts';

export const priorities = ['low', 'normal', 'high', 'critical'] as const;
export const storylineStates = ['new', 'corroborated', 'escalated', 'corrected'] as const;

/** What a person may set, by the names under which the API, the commands and the page know it. */
export const preferenceFields = [
  'follow',
  'leastPriority',
  'langs',
  'states',
  'delivery',
  'quiet',
  'criticalPasses',
  'timeZone',
  'smsPerDay',
  'smsUsdPerMonth',
  'paused',
] as const;

export type KnownToPreferences = {
  /** Ids that the live watchlist has. */
  readonly ids: readonly string[];
  /** What holds where the body is silent. */
  readonly before: Preferences;
  /** What one SMS is taken to cost: a month's cap below it would hold every message for ever. */
  readonly smsUsd: number;
};

export type ReadPreferences =
  | { readonly kind: 'preferences'; readonly preferences: Preferences }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

/** Reads what a person wants changed. Either all of it is good, or every wrong field is named with its remedy. */
export function readPreferences(body: unknown, known: KnownToPreferences): ReadPreferences {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { kind: 'refused', refusals: [{ field: '', sentence: 'the preferences are no JSON object' }] };
  }
  const refusals: Refusal[] = Object.keys(body)
    .filter((field) => !(preferenceFields as readonly string[]).includes(field))
    .map((field) => ({
      field,
      sentence: `there is no preference ${quoted(field)}${didYouMean(field, preferenceFields)}`,
    }));
  const asked = body as Record<string, unknown>;
  const { before } = known;
  const take = <Value>(field: string, kept: Value, read: (field: string, value: unknown) => Read<Value>): Value => {
    if (asked[field] === undefined) return kept;
    const found = read(field, asked[field]);
    if ('value' in found) return found.value;
    refusals.push(found.refused);
    return kept;
  };
  const criticalPasses = take('criticalPasses', before.quiet?.criticalPasses ?? false, readYesNo);
  const quiet = take('quiet', before.quiet, (field, value) => readQuiet(field, value, criticalPasses));
  const preferences: Preferences = {
    follow: take('follow', before.follow, (field, value) => readFollow(field, value, known.ids)),
    leastPriority: take('leastPriority', before.leastPriority, (field, value) => readWord(field, value, priorities)),
    langs: take('langs', before.langs, readLangs),
    states: take('states', before.states, readStates),
    delivery: take('delivery', before.delivery, readDelivery),
    quiet: quiet !== null && asked.quiet === undefined ? { ...quiet, criticalPasses } : quiet,
    timeZone: take('timeZone', before.timeZone, readTimeZone),
    smsPerDay: take('smsPerDay', before.smsPerDay, readSmsPerDay),
    smsUsdPerMonth: take('smsUsdPerMonth', before.smsUsdPerMonth, (field, value) =>
      readSpend(field, value, known.smsUsd),
    ),
    paused: take('paused', before.paused, readYesNo),
    muted: before.muted,
  };
  return refusals.length > 0 ? { kind: 'refused', refusals } : { kind: 'preferences', preferences };
}

const mostFollowed = 200;

function readFollow(field: string, value: unknown, ids: readonly string[]): Read<readonly string[]> {
  if (!Array.isArray(value) || value.length === 0) {
    return refuse(field, 'nothing to follow; name entity or event ids, or "*" for everything');
  }
  if (value.length > mostFollowed) {
    return refuse(field, `${value.length} ids to follow; name ${mostFollowed} at most, or "*" for everything`);
  }
  if (value.includes('*')) return { value: ['*'] };
  for (const id of value) {
    if (ids.includes(id)) continue;
    const near = typeof id === 'string' ? didYouMean(id, ids) : '';
    return refuse(field, `nothing in the watchlist is called ${quoted(id)}${near}`);
  }
  return { value: [...new Set(value as string[])] };
}

function readStates(field: string, value: unknown): Read<Preferences['states']> {
  if (!Array.isArray(value) || value.length === 0) {
    return refuse(field, `no state to be told of; name some of ${storylineStates.join(', ')}, or pause instead`);
  }
  const states = value.map((each) => readWord(field, each, storylineStates));
  const wrong = states.find((state) => 'refused' in state);
  if (wrong !== undefined && 'refused' in wrong) return wrong;
  return { value: storylineStates.filter((state) => value.includes(state)) };
}

function readSmsPerDay(field: string, value: unknown): Read<number | null> {
  if (value === null) return { value: null };
  if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 1_000) return { value: Number(value) };
  const pause = value === 0 ? ', or pause instead' : '';
  return refuse(field, `${quoted(value)} is no cap on SMS a day; write a whole number from 1 to 1000${pause}`);
}

function readSpend(field: string, value: unknown, smsUsd: number): Read<number | null> {
  if (value === null) return { value: null };
  if (typeof value === 'number' && value > 0 && value <= 100_000) {
    if (value >= smsUsd) return { value };
    return refuse(field, `$${value} a month is less than one SMS is taken to cost, $${smsUsd}; write at least that`);
  }
  const pause = value === 0 ? ', or pause instead' : '';
  return refuse(field, `${quoted(value)} is no cap on spend; write US dollars a month, such as 5${pause}`);
}

function readYesNo(field: string, value: unknown): Read<boolean> {
  return typeof value === 'boolean' ? { value } : refuse(field, `${quoted(value)} is neither true nor false`);
}
