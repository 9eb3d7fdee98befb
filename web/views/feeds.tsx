import { useState } from 'preact/hooks';
import type { Feed, Finding } from '../api/types.ts';
import { type Asked, useAnswer, useClient } from '../api/use-answer.ts';
import { languageName } from '../catalogue.ts';
import { Choose } from '../parts/filters.tsx';
import { Answered, Nothing } from '../parts/states-of-asking.tsx';
import { Sentence, span, Time } from '../parts/time.tsx';
import { useSession } from '../session.ts';
import { useFilters } from '../use-address.ts';

const refreshMs = 30_000;
const well = ['ok', 'moved', 'new', 'paused'];

type FeedsAnswer = { readonly feeds: readonly Feed[] };

/** Whether the feeds bring news, and what to do where they do not. */
export function Feeds() {
  const feeds = useAnswer<FeedsAnswer>('/api/feeds', refreshMs);
  const findings = useAnswer<{ readonly findings: readonly Finding[] }>('/api/doctor', refreshMs);
  return (
    <>
      <div class="head">
        <h1>Feeds</h1>
      </div>
      <section aria-labelledby="findings-title">
        <h2 id="findings-title">What is wrong</h2>
        <Answered asked={findings}>{(answer) => <Findings findings={answer.findings} />}</Answered>
      </section>
      <section aria-labelledby="feeds-title">
        <h2 id="feeds-title">Every feed</h2>
        <Answered asked={feeds}>{(answer) => <Listed asked={feeds} all={answer.feeds} />}</Answered>
      </section>
    </>
  );
}

function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  if (findings.length === 0) return <Nothing>Nothing. Feeds, watchlist, subscribers and deliveries are well.</Nothing>;
  return (
    <ul class="findings">
      {findings.map(({ level, what, remedy }) => (
        <li key={what}>
          <strong class={level}>{level}</strong>
          <div>
            <p>
              <Sentence text={what} />
            </p>
            <p class="quiet">{remedy}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}

function Listed({ asked, all }: { readonly asked: Asked<FeedsAnswer>; readonly all: readonly Feed[] }) {
  const { filters } = useFilters();
  const states = [...new Set(all.map(({ state }) => state))].sort();
  const langs = [...new Set(all.map(({ lang }) => lang))].sort();
  const shown = all
    .filter(({ state, lang }) => (filters.state ?? state) === state && (filters.lang ?? lang) === lang)
    .toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  if (all.length === 0) {
    return (
      <Nothing>
        There are none. Add some to config/feeds.yaml and run wirewatch apply, or wirewatch feeds add URL.
      </Nothing>
    );
  }
  return (
    <>
      <search class="filters">
        <Choose
          name="state"
          label="State"
          any={`all ${all.length}`}
          choices={states.map((state) => [state, `${state} (${countOf(all, state)})`])}
        />
        <Choose
          name="lang"
          label="Language"
          any="every language"
          choices={langs.map((lang) => [lang, languageName(lang)])}
        />
      </search>
      {shown.length === 0 && <Nothing>No feed passes these filters. Clear one.</Nothing>}
      {shown.length > 0 && (
        <table class="cards">
          <thead>
            <tr>
              <th scope="col">Feed</th>
              <th scope="col">State</th>
              <th scope="col">Last story</th>
              <th scope="col">Looked at every</th>
              <th scope="col">Next</th>
              <th scope="col">
                <span class="unseen">Change</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((feed) => (
              <FeedRow key={feed.id} feed={feed} changed={asked.again} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

const rank = ({ state }: Feed) => (well.includes(state) ? 1 + well.indexOf(state) : 0);
const countOf = (all: readonly Feed[], state: string) => all.filter((feed) => feed.state === state).length;

function FeedRow({ feed, changed }: { readonly feed: Feed; readonly changed: () => void }) {
  const { id, name, outlet, lang, tier, state, since, problem, failures, lastStory, cadence, nextPoll } = feed;
  return (
    <tr>
      <th scope="row">
        <bdi dir="auto">{name}</bdi>
        <span class="quiet">
          {' '}
          {outlet} · {languageName(lang)} · tier {tier}
        </span>
      </th>
      <td data-label="State">
        <strong class={well.includes(state) ? 'well' : 'fault'}>{state}</strong>
        {since !== null && (
          <span class="quiet">
            {' '}
            since <Time at={since} />
          </span>
        )}
        {problem !== '' && (
          <span class="quiet">
            {' '}
            · {problem}, {failures} in a row
          </span>
        )}
      </td>
      <td data-label="Last story">{lastStory === null ? '–' : <Time at={lastStory} />}</td>
      <td data-label="Looked at every" title={cadence.why}>
        {span(cadence.seconds)}
      </td>
      <td data-label="Next">{nextPoll === null || state === 'paused' ? '–' : <Time at={nextPoll} />}</td>
      <td>
        <PauseButton id={id} name={name} paused={state === 'paused'} changed={changed} />
      </td>
    </tr>
  );
}

function PauseButton({
  id,
  name,
  paused,
  changed,
}: {
  readonly id: string;
  readonly name: string;
  readonly paused: boolean;
  readonly changed: () => void;
}) {
  const client = useClient();
  const { role } = useSession();
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  if (role !== 'editor') return null;
  const verb = paused ? 'resume' : 'pause';
  const change = async () => {
    setBusy(true);
    const answer = await client.send('POST', `/api/feeds/${encodeURIComponent(id)}/${verb}`);
    setBusy(false);
    setProblem(answer.kind === 'failed' ? answer.problem.detail : '');
    if (answer.kind !== 'failed') changed();
  };
  return (
    <>
      <button type="button" class="plain" onClick={change} disabled={busy} aria-label={`${verb} ${name}`}>
        {verb}
      </button>
      <span role="status">{problem}</span>
    </>
  );
}
