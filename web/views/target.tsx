import { useState } from 'preact/hooks';
import { apiPath, writeAddress } from '../address.ts';
import type { Bucket, Company, Series } from '../api/types.ts';
import { useAnswer } from '../api/use-answer.ts';
import { languageName, useCatalogue } from '../catalogue.ts';
import { Bars } from '../parts/bars.tsx';
import { Chart } from '../parts/chart.tsx';
import { ChooseWindow, widthFor } from '../parts/filters.tsx';
import { chartLabel, whenOf } from '../parts/series-words.ts';
import { Answered } from '../parts/states-of-asking.tsx';
import { StorylineList } from '../parts/storyline-list.tsx';
import { useFilters } from '../use-address.ts';

const refreshMs = 60_000;

/** All about one event or entity: how much, with whom, from where, and its storylines. */
export function Target({ kind, id }: { readonly kind: 'event' | 'entity'; readonly id: string }) {
  const { nameOf } = useCatalogue();
  const since = useFilters().filters.since ?? '7d';
  const by = widthFor(since);
  const series = useAnswer<Series>(apiPath('series', { [kind]: id, by, since }), refreshMs);
  const company = useAnswer<Company>(apiPath('company', { [kind]: id, since }), refreshMs);
  return (
    <>
      <div class="head">
        <h1>
          {nameOf(id)} <small>{kind}</small>
        </h1>
        <ChooseWindow preset="7d" />
      </div>
      <section aria-label="Volume">
        <Answered asked={series}>{(answer) => <Volume series={answer} name={nameOf(id)} />}</Answered>
      </section>
      <div class="now">
        <section aria-labelledby="storylines-title">
          <StorylineList query={{ [kind]: id, since }} />
        </section>
        <Answered asked={company}>{(answer) => <InCompany company={answer} />}</Answered>
      </div>
    </>
  );
}

function Volume({ series, name }: { readonly series: Series; readonly name: string }) {
  const [point, setPoint] = useState<Bucket | null>(null);
  const { buckets, by } = series;
  const stories = buckets.reduce((sum, bucket) => sum + bucket.stories, 0);
  return (
    <>
      <p class="facts reading">
        {point === null ? (
          <>
            <span>
              <b>{stories}</b> {stories === 1 ? 'story' : 'stories'}
            </span>
            <span>bars: stories, ticks: outlets, {by === 'hour' ? 'each hour' : 'each day (UTC)'}</span>
          </>
        ) : (
          <>
            <span>{whenOf(point.at, by)}</span>
            <span>
              <b>{point.stories}</b> stories
            </span>
            <span>
              <b>{point.outlets}</b> outlets
            </span>
            {point.spike && <span class="spike">spike</span>}
          </>
        )}
        {series.completeSince > series.since && (
          <span>Counts before {whenOf(series.completeSince, 'hour')} may be too low.</span>
        )}
      </p>
      <Chart
        buckets={buckets}
        by={by}
        height={200}
        group="volume"
        atLeast={4}
        axes
        label={chartLabel(name, buckets, by)}
        onPoint={setPoint}
      />
      <Numbers series={series} />
    </>
  );
}

/** The chart once more, for whoever reads rather than looks. */
function Numbers({ series: { buckets, by } }: { readonly series: Series }) {
  const filled = buckets.filter(({ stories }) => stories > 0).toReversed();
  if (filled.length === 0) return null;
  return (
    <details>
      <summary>The numbers</summary>
      <table class="narrow">
        <thead>
          <tr>
            <th scope="col">{by === 'hour' ? 'Hour' : 'Day (UTC)'}</th>
            <th scope="col" class="number">
              Stories
            </th>
            <th scope="col" class="number">
              Outlets
            </th>
            <th scope="col">Spike</th>
          </tr>
        </thead>
        <tbody>
          {filled.map(({ at, stories, outlets, spike }) => (
            <tr key={at}>
              <td>{whenOf(at, by)}</td>
              <td class="number">{stories}</td>
              <td class="number">{outlets}</td>
              <td>{spike && <span class="spike">spike</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function InCompany({ company }: { readonly company: Company }) {
  const { feedName } = useCatalogue();
  const targets = (kind: 'event' | 'entity', rows: Company['entities']) =>
    rows.map(({ id, name, stories }) => ({
      id,
      count: stories,
      label: <a href={writeAddress([kind, id])}>{name}</a>,
    }));
  return (
    <div class="company">
      <Bars title="Appears with" bars={targets('entity', company.entities)} unit="stories" />
      <Bars title="In events" bars={targets('event', company.events)} unit="stories" />
      <Bars
        title="Outlets"
        bars={company.outlets.map(({ id, stories }) => ({ id, label: id, count: stories }))}
        unit="stories"
      />
      <Bars
        title="Feeds"
        bars={company.sources.map(({ id, stories }) => ({
          id,
          label: <bdi dir="auto">{feedName(id)}</bdi>,
          count: stories,
        }))}
        unit="stories"
      />
      <Bars
        title="Languages"
        bars={company.langs.map(({ id, stories }) => ({ id, label: languageName(id), count: stories }))}
        unit="stories"
      />
    </div>
  );
}
