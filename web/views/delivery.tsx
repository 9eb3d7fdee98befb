import type { ComponentChildren } from 'preact';
import { writeAddress } from '../address.ts';
import type { Percentiles, Stats } from '../api/types.ts';
import { useAnswer } from '../api/use-answer.ts';
import { Answered, Nothing } from '../parts/states-of-asking.tsx';
import { span } from '../parts/time.tsx';

const refreshMs = 30_000;
const whole = new Intl.NumberFormat('en');

/** How soon readers are told, and what the day brought. */
export function Delivery() {
  const asked = useAnswer<Stats>('/api/stats', refreshMs);
  return (
    <>
      <div class="head">
        <h1>Time to alert</h1>
      </div>
      <Answered asked={asked}>{(stats) => <Drawn stats={stats} />}</Answered>
    </>
  );
}

function Drawn({ stats }: { readonly stats: Stats }) {
  const { timeToAlert, polls, alerts, day } = stats;
  return (
    <>
      <dl class="figures">
        <Figure name="from first sight, half within">{middle(timeToAlert.fromSeen)}</Figure>
        <Figure name="from first sight, 95 % within">{nearlyAll(timeToAlert.fromSeen)}</Figure>
        <Figure name="from publication, half within">{middle(timeToAlert.fromPublished)}</Figure>
        <Figure name="from publication, 95 % within">{nearlyAll(timeToAlert.fromPublished)}</Figure>
      </dl>
      <div class="now">
        <section aria-labelledby="tiers-title">
          <h2 id="tiers-title">
            By tier of the feed <small>half within, 95 % within</small>
          </h2>
          <Tiers stats={stats} />
        </section>
        <section aria-labelledby="slowest-title">
          <h2 id="slowest-title">
            Slowest <small>from first sight</small>
          </h2>
          <Slowest stats={stats} />
        </section>
      </div>
      <section aria-labelledby="day-title">
        <h2 id="day-title">
          The day so far <small>{day}, UTC</small>
        </h2>
        <dl class="figures small">
          <Figure name="polls">{polls.all}</Figure>
          <Figure name="unchanged">{polls.unchanged}</Figure>
          <Figure name="failed">{polls.failed}</Figure>
          <Figure name="feeds failing">{failing(stats.feedsFailing)}</Figure>
          <Figure name="new stories">{stats.stories}</Figure>
          <Figure name="known stories">{stats.known}</Figure>
          <Figure name="matches">{stats.matches}</Figure>
          <Figure name="alerts sent">{alerts.sent}</Figure>
          <Figure name="by e-mail">{alerts.byChannel.email}</Figure>
          <Figure name="by SMS">{alerts.byChannel.sms}</Figure>
          <Figure name="by https">{alerts.byChannel.https}</Figure>
          <Figure name="on their way">{alerts.waiting}</Figure>
          <Figure name="to programs">{alerts.integration}</Figure>
        </dl>
      </section>
    </>
  );
}

const middle = (times: Percentiles) => (times === null ? '–' : span(times.p50));
const nearlyAll = (times: Percentiles) => (times === null ? '–' : span(times.p95));

/** Counted once an hour. */
const failing = (found: Stats['feedsFailing']) =>
  found === null ? '–' : `${whole.format(found.count)} (${Math.round(100 * found.share)} %)`;

function Figure({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{typeof children === 'number' ? whole.format(children) : children}</dd>
    </div>
  );
}

function Tiers({ stats: { timeToAlert } }: { readonly stats: Stats }) {
  if (timeToAlert.byTier.length === 0) return <Nothing>No alert was sent today yet.</Nothing>;
  const longest = Math.max(
    ...timeToAlert.byTier.map(({ fromPublished, fromSeen }) => fromPublished?.p95 ?? fromSeen?.p95 ?? 0),
  );
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Tier</th>
          <th scope="col">From first sight</th>
          <th scope="col">From publication</th>
          <th scope="col" class="number">
            Alerts
          </th>
        </tr>
      </thead>
      <tbody>
        {timeToAlert.byTier.map(({ tier, fromSeen, fromPublished }) => (
          <tr key={tier}>
            <th scope="row">{tier}</th>
            <td>
              <Range times={fromSeen} longest={longest} />
            </td>
            <td>
              <Range times={fromPublished} longest={longest} />
            </td>
            <td class="number">{fromSeen?.count ?? fromPublished?.count ?? 0}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Half within the dark part, 95 in a hundred within the light one. */
function Range({ times, longest }: { readonly times: Percentiles; readonly longest: number }) {
  if (times === null) return <>–</>;
  const width = (seconds: number) => `${Math.max(1, (seconds / (longest || 1)) * 100)}%`;
  return (
    <div class="range">
      {span(times.p50)}, {span(times.p95)}
      <span aria-hidden="true">
        <i style={{ width: width(times.p95) }} />
        <b style={{ width: width(times.p50) }} />
      </span>
    </div>
  );
}

function Slowest({ stats: { timeToAlert } }: { readonly stats: Stats }) {
  if (timeToAlert.slowest.length === 0) return <Nothing>No alert was sent today yet.</Nothing>;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Took</th>
          <th scope="col">Subscriber</th>
          <th scope="col">Tier</th>
          <th scope="col">
            <span class="unseen">Where</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {timeToAlert.slowest.map(({ story, storyline, subscriber, tier, seconds }, place) => (
          <tr key={`${story}#${subscriber}#${place}`}>
            <td>{span(seconds)}</td>
            <td>{subscriber}</td>
            <td>{tier}</td>
            <td>
              <a href={writeAddress(['storyline', storyline])} aria-label={`storyline of alert ${place + 1}`}>
                storyline
              </a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
