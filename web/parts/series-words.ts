import type { Bucket, Width } from '../api/types.ts';

const hour = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const utcDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

export const whenOf = (at: string, by: Width): string => (by === 'hour' ? hour : utcDay).format(Date.parse(at));

export const spikesOf = (buckets: readonly Bucket[]): readonly Bucket[] => buckets.filter(({ spike }) => spike);

/** What a chart shows, for a reader who does not see it. */
export function chartLabel(name: string, buckets: readonly Bucket[], by: Width): string {
  const all = buckets.reduce((sum, { stories }) => sum + stories, 0);
  const most = buckets.reduce((best, bucket) => (bucket.stories > best.stories ? bucket : best), nothing);
  const spikes = spikesOf(buckets).map(({ at, stories }) => `${stories} stories at ${whenOf(at, by)}`);
  const peak = all === 0 ? '' : `, the most ${most.stories} at ${whenOf(most.at, by)}`;
  return `${name}: ${all} stories by the ${by}${peak}${spikes.length === 0 ? '' : `; spikes: ${spikes.join(', ')}`}`;
}

const nothing: Bucket = { at: '', stories: 0, outlets: 0, spike: false };
