import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Problem } from '../api/problem.ts';
import type { Tried, TriedStory } from '../api/types.ts';
import { useClient } from '../api/use-answer.ts';
import { FeedText, StoryLink } from '../parts/feed-text.tsx';
import { ChooseWindow } from '../parts/filters.tsx';
import { Nothing } from '../parts/states-of-asking.tsx';
import { Languages } from '../parts/storyline-row.tsx';
import { Time } from '../parts/time.tsx';
import { useFilters } from '../use-address.ts';
import { Clauses } from './story.tsx';

const examples = [
  '@iran AND (talks NEAR/5 nuclear)',
  'title:("ceasefire" OR truce) AND NOT @gaza',
  'strike* SAME @israel',
];

type Run = { readonly tried: Tried | null; readonly problem: Problem | null; readonly busy: boolean };
const idle: Run = { tried: null, problem: null, busy: false };

/** What a rule would have matched, and why. Changes nothing and tells nobody. */
export function TryRule() {
  const { filters, setFilters } = useFilters();
  const { query = '', since = '24h' } = filters;
  const [draft, setDraft] = useState(query);
  const { run, more } = useRun(query, since);
  useEffect(() => setDraft(query), [query]);
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setFilters({ query: draft.trim() });
  };
  return (
    <>
      <div class="head">
        <h1>Try a rule</h1>
      </div>
      <form class="form try" onSubmit={submit}>
        <label class="field">
          <span>Query</span>
          <textarea
            rows={4}
            dir="auto"
            spellcheck={false}
            value={draft}
            aria-describedby="query-hint"
            aria-invalid={run.problem !== null ? true : undefined}
            onInput={(event) => setDraft(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
            }}
          />
        </label>
        <p id="query-hint" class="quiet">
          AND, OR, NOT, "phrase", prefix*, NEAR/n, SAME, title:, @entity, #terms. Ctrl+Enter tries it. For example{' '}
          {examples.map((example) => (
            <button key={example} type="button" class="plain example" onClick={() => setDraft(example)}>
              <code>{example}</code>
            </button>
          ))}
        </p>
        <div class="actions">
          <button type="submit" class="main">
            Try it
          </button>
          <ChooseWindow preset="24h" />
        </div>
      </form>
      {run.problem !== null && (
        <p class="trouble" role="alert">
          {run.problem.detail}
        </p>
      )}
      <div role="status">{run.busy && <p class="quiet">Trying it…</p>}</div>
      {run.tried !== null && <Outcome tried={run.tried} busy={run.busy} more={more} />}
    </>
  );
}

/** Runs the query of the address; `more` looks at the stories after. */
function useRun(query: string, since: string) {
  const client = useClient();
  const [run, setRun] = useState<Run>(idle);
  useEffect(() => {
    let current = true;
    if (query === '') return setRun(idle);
    setRun((before) => ({ ...before, problem: null, busy: true }));
    void client.send<Tried>('POST', '/api/watchlist/try', { query, since }).then((answer) => {
      if (!current) return;
      if (answer.kind === 'fresh') setRun({ tried: answer.data, problem: null, busy: false });
      if (answer.kind === 'failed') setRun({ tried: null, problem: answer.problem, busy: false });
    });
    return () => {
      current = false;
    };
  }, [client, query, since]);
  const more = async () => {
    const { tried } = run;
    if (tried === null || tried.next === null) return;
    setRun({ ...run, busy: true });
    const answer = await client.send<Tried>('POST', '/api/watchlist/try', { query, since, cursor: tried.next });
    if (answer.kind === 'failed') setRun({ tried, problem: answer.problem, busy: false });
    if (answer.kind === 'fresh') setRun({ tried: joined(tried, answer.data), problem: null, busy: false });
  };
  return { run, more };
}

const joined = (before: Tried, after: Tried): Tried => ({
  ...after,
  tried: before.tried + after.tried,
  matched: [...before.matched, ...after.matched],
});

function Outcome({ tried, busy, more }: { readonly tried: Tried; readonly busy: boolean; readonly more: () => void }) {
  const fresh = tried.matched.filter(({ matches }) => !matches).length;
  return (
    <section aria-labelledby="outcome-title">
      <h2 id="outcome-title">
        It matches {tried.matched.length} of {tried.tried} stories{' '}
        <small>
          seen since <Time at={tried.since} />, {fresh} of which matched nothing until now
        </small>
      </h2>
      {tried.matched.length === 0 && <Nothing>No story matches. Loosen the query, or look further back.</Nothing>}
      <ol class="tried">
        {tried.matched.toReversed().map((story) => (
          <TriedRow key={story.id} story={story} />
        ))}
      </ol>
      {tried.next !== null && (
        <button type="button" class="more" disabled={busy} onClick={more}>
          Look at more stories
        </button>
      )}
    </section>
  );
}

function TriedRow({ story }: { readonly story: TriedStory }) {
  const spans = (field: string) => story.evidence.filter((each) => each.field === field);
  return (
    <li class="story">
      <span class="when">
        <Time at={story.published} />
      </span>
      <div>
        <h3>
          <StoryLink url={story.url}>
            <FeedText text={story.title} lang={story.lang} evidence={spans('title')} />
          </StoryLink>
        </h3>
        <p class="summary">
          <FeedText text={story.summary} lang={story.lang} evidence={spans('summary')} />
        </p>
        <p class="facts">
          <span>{story.outlet}</span>
          <Languages langs={[story.lang]} />
          {!story.matches && <b>matched nothing until now</b>}
        </p>
        <Clauses evidence={story.evidence} />
      </div>
    </li>
  );
}
