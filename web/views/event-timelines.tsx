import { useState } from 'preact/hooks';
import { apiPath, writeAddress } from '../address.ts';
import type { Bucket, EventSeries, Width } from '../api/types.ts';
import { useAnswer } from '../api/use-answer.ts';
import { Chart, secondsOf } from '../parts/chart.tsx';
import { widthFor } from '../parts/filters.tsx';
import { chartLabel, spikesOf, whenOf } from '../parts/series-words.ts';
import { Answered, Nothing } from '../parts/states-of-asking.tsx';
import { ticksOf } from '../parts/ticks.ts';

const refreshMs = 60_000;

/** A timeline of each tracked event, one scale of time for all. */
export function EventTimelines({ since, only }: { readonly since: string; readonly only: string | undefined }) {
  const by = widthFor(since);
  const asked = useAnswer<EventSeries>(apiPath('series/events', { by, since }), refreshMs);
  return (
    <>
      <h2 id="events-title">
        Events <small>bars: stories, ticks: outlets, {by === 'hour' ? 'each hour' : 'each day (UTC)'}</small>
      </h2>
      <Answered asked={asked}>{(series) => <Timelines series={series} since={since} only={only} />}</Answered>
    </>
  );
}

function Timelines({
  series,
  since,
  only,
}: {
  readonly series: EventSeries;
  readonly since: string;
  readonly only: string | undefined;
}) {
  const [point, setPoint] = useState<string | null>(null);
  const events = series.events.filter(({ event, stories }) => (only === undefined ? stories > 0 : event === only));
  const silent = only === undefined ? series.events.filter(({ stories }) => stories === 0) : [];
  if (series.events.length === 0) {
    return <Nothing>The watchlist has no events. Add some to config/watchlist.yaml and run wirewatch apply.</Nothing>;
  }
  return (
    <div class="timelines">
      {events.map(({ event, name, stories, buckets }) => (
        <article key={event} class="timeline">
          <h3>
            <a href={writeAddress(['event', event], { since: since === '48h' ? undefined : since })}>{name}</a>
          </h3>
          <p class="facts">
            <Reading stories={stories} buckets={buckets} by={series.by} point={point} />
          </p>
          <Chart
            buckets={buckets}
            by={series.by}
            height={44}
            group="events"
            atLeast={4}
            label={chartLabel(name, buckets, series.by)}
            onPoint={(bucket) => setPoint(bucket?.at ?? null)}
          />
        </article>
      ))}
      {events.length > 0 && <TimeAxis buckets={events[0]?.buckets ?? []} by={series.by} />}
      {silent.length > 0 && <Silent events={silent} />}
    </div>
  );
}

/** The window's numbers, or those under the pointer. */
function Reading({
  stories,
  buckets,
  by,
  point,
}: {
  readonly stories: number;
  readonly buckets: readonly Bucket[];
  readonly by: Width;
  readonly point: string | null;
}) {
  const at = point === null ? undefined : buckets.find((bucket) => bucket.at === point);
  const spikes = spikesOf(buckets);
  if (at !== undefined) {
    return (
      <>
        <span>{whenOf(at.at, by)}</span>
        <b>{at.stories}</b> stories <b>{at.outlets}</b> outlets {at.spike && <span class="spike">spike</span>}
      </>
    );
  }
  const latest = spikes.at(-1);
  return (
    <>
      {latest !== undefined && <span class="spike">spike {whenOf(latest.at, by)}</span>}
      <span>
        <b>{stories}</b> {stories === 1 ? 'story' : 'stories'}
      </span>
    </>
  );
}

function TimeAxis({ buckets, by }: { readonly buckets: readonly Bucket[]; readonly by: Width }) {
  const from = Date.parse(buckets[0]?.at ?? '') / 1e3;
  const to = Date.parse(buckets.at(-1)?.at ?? '') / 1e3 + secondsOf(by);
  return (
    <div class="time-axis" aria-hidden="true">
      {ticksOf(from, to, by).map(({ at, label }) => (
        <span key={at} style={{ left: `${((at - from) / (to - from)) * 100}%` }}>
          {label}
        </span>
      ))}
    </div>
  );
}

function Silent({ events }: { readonly events: readonly { readonly event: string; readonly name: string }[] }) {
  return (
    <p class="quiet">
      Silent:{' '}
      {events.map(({ event, name }, index) => (
        <span key={event}>
          {index > 0 && ' · '}
          <a href={writeAddress(['event', event])}>{name}</a>
        </span>
      ))}
    </p>
  );
}
