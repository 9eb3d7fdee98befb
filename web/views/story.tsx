import type { Evidence, NearMiss } from '../../lib/core/watchlist/matched.ts';
import { apiPath, writeAddress } from '../address.ts';
import type { Story } from '../api/types.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useCatalogue } from '../catalogue.ts';
import { FeedText, StoryLink } from '../parts/feed-text.tsx';
import { Answered, Nothing } from '../parts/states-of-asking.tsx';
import { Languages } from '../parts/storyline-row.tsx';
import { Time } from '../parts/time.tsx';

/** Why one story matched, word by word, and what nearly did. */
export function StoryView({ id }: { readonly id: string }) {
  const asked = useAnswer<Story>(apiPath(`stories/${encodeURIComponent(id)}`));
  return <Answered asked={asked}>{(story) => <Drawn story={story} />}</Answered>;
}

function Drawn({ story }: { readonly story: Story }) {
  const { feedName } = useCatalogue();
  const evidence = story.live?.evidence ?? story.match?.evidence ?? [];
  const spans = (field: string) => evidence.filter((each) => each.field === field);
  return (
    <>
      <div class="head">
        <h1>
          <FeedText text={story.title} lang={story.lang} evidence={spans('title')} />
        </h1>
      </div>
      <p class="summary">
        <FeedText text={story.summary} lang={story.lang} evidence={spans('summary')} />
      </p>
      <p class="facts">
        <span>
          <bdi dir="auto">{feedName(story.feed)}</bdi>
        </span>
        <span>
          published <Time at={story.published} />
        </span>
        <span>
          seen <Time at={story.seen} />
        </span>
        <Languages langs={[story.lang]} />
        {story.url !== null && <StoryLink url={story.url}>at the publisher's</StoryLink>}
      </p>
      <div class="now">
        <section aria-labelledby="matched-title">
          <h2 id="matched-title">Why it matched</h2>
          <Matched evidence={evidence} names={story.live?.names ?? {}} />
        </section>
        <section aria-labelledby="nearly-title">
          <h2 id="nearly-title">What nearly matched</h2>
          <Nearly nearly={story.live?.nearly ?? []} names={story.live?.names ?? {}} />
        </section>
      </div>
    </>
  );
}

type Names = Readonly<Record<string, string>>;

function Matched({ evidence, names }: { readonly evidence: readonly Evidence[]; readonly names: Names }) {
  const { isEvent } = useCatalogue();
  const targets = [...new Set(evidence.map(({ target }) => target))];
  if (targets.length === 0) return <Nothing>The live watchlist matches nothing in it.</Nothing>;
  return (
    <ul class="reasons">
      {targets.map((target) => (
        <li key={target}>
          <h3>
            <a href={writeAddress([isEvent(target) ? 'event' : 'entity', target])}>{names[target] ?? target}</a>
          </h3>
          <Clauses evidence={evidence.filter((each) => each.target === target)} />
        </li>
      ))}
    </ul>
  );
}

/** The words behind each clause of a rule. */
export function Clauses({ evidence }: { readonly evidence: readonly Evidence[] }) {
  const clauses = [...new Set(evidence.map(({ clause }) => clause ?? ''))];
  return (
    <ul class="clauses">
      {clauses.map((clause) => (
        <li key={clause}>
          {clause !== '' && <code>{clause}</code>}{' '}
          {[...new Set(evidence.filter((each) => (each.clause ?? '') === clause).map(({ text }) => text))].map(
            (text) => (
              <mark key={text}>
                <bdi>{text}</bdi>
              </mark>
            ),
          )}
        </li>
      ))}
    </ul>
  );
}

function Nearly({ nearly, names }: { readonly nearly: readonly NearMiss[]; readonly names: Names }) {
  if (nearly.length === 0) return <Nothing>Nothing else of the watchlist came near.</Nothing>;
  return (
    <ul class="reasons">
      {nearly.map(({ target, rule, held, failed }) => (
        <li key={`${target}#${rule}`}>
          <h3>{names[target] ?? target}</h3>
          <ul class="clauses">
            {held.map(({ clause, words }) => (
              <li key={clause}>
                holds <code>{clause}</code>{' '}
                {words.map((word) => (
                  <mark key={word}>
                    <bdi>{word}</bdi>
                  </mark>
                ))}
              </li>
            ))}
            {failed.map((clause) => (
              <li key={clause}>
                fails <code>{clause}</code>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
