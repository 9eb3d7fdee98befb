import { apiPath, writeAddress } from '../address.ts';
import type { StorylineAlert, StorylinePage, StorylineStory } from '../api/types.ts';
import { useAnswer } from '../api/use-answer.ts';
import { FeedText, StoryLink } from '../parts/feed-text.tsx';
import { OutletTracks } from '../parts/outlet-tracks.tsx';
import { Answered, Nothing } from '../parts/states-of-asking.tsx';
import { Languages, PriorityMark, States, Targets } from '../parts/storyline-row.tsx';
import { Time } from '../parts/time.tsx';

const refreshMs = 30_000;

/** One development: its stories in time, who printed them, what they said before, and whom it was told. */
export function StorylineView({ id }: { readonly id: string }) {
  const asked = useAnswer<StorylinePage>(apiPath(`storylines/${encodeURIComponent(id)}`, { limit: '100' }), refreshMs);
  return <Answered asked={asked}>{(page) => <Drawn page={page} />}</Answered>;
}

function Drawn({ page }: { readonly page: StorylinePage }) {
  const { storyline, stories, alerts, next } = page;
  return (
    <>
      <div class="head">
        <h1>
          <FeedText text={storyline.title} words={storyline.words} />
        </h1>
      </div>
      <p class="facts">
        <States states={storyline.states} closed={storyline.closed !== null} />
        <PriorityMark priority={storyline.priority} />
        <span>
          {storyline.stories} {storyline.stories === 1 ? 'story' : 'stories'} in {storyline.outlets.length}{' '}
          {storyline.outlets.length === 1 ? 'outlet' : 'outlets'}
        </span>
        {storyline.wires.length > 0 && <span>wire {storyline.wires.join(', ')}</span>}
        <span>
          <Time at={storyline.opened} /> to <Time at={storyline.last} />
        </span>
        <Languages langs={storyline.langs} />
      </p>
      <p class="facts">
        <Targets ids={storyline.events} />
        <Targets ids={storyline.entities} />
      </p>
      {stories.length > 1 && (
        <section aria-labelledby="outlets-title">
          <h2 id="outlets-title">
            Outlets in time <small>full: own stories, hollow: copies</small>
          </h2>
          <OutletTracks stories={stories} />
        </section>
      )}
      <div class="now">
        <section aria-labelledby="stories-title">
          <h2 id="stories-title">Stories</h2>
          <Stories stories={stories} />
          {next !== null && (
            <p class="quiet">
              {stories.length} of {storyline.stories} stories are shown; wirewatch storyline shows all.
            </p>
          )}
        </section>
        <section aria-labelledby="alerts-title">
          <h2 id="alerts-title">Alerts</h2>
          <Alerts alerts={alerts} />
        </section>
      </div>
    </>
  );
}

/** Originals in time, each with its copies folded under it. */
function Stories({ stories }: { readonly stories: readonly StorylineStory[] }) {
  const ids = new Set(stories.map(({ story }) => story));
  const isCopy = ({ duplicateOf }: StorylineStory) => duplicateOf !== null && ids.has(duplicateOf);
  const originals = stories.filter((each) => !isCopy(each));
  return (
    <ol class="stories">
      {originals.map((original) => {
        const copies = stories.filter((each) => isCopy(each) && each.duplicateOf === original.story);
        return (
          <li key={original.story}>
            <OneStory member={original} />
            {copies.length > 0 && (
              <details>
                <summary>
                  {copies.length} {copies.length === 1 ? 'copy' : 'copies'}:{' '}
                  {[...new Set(copies.map(({ match }) => match?.outlet ?? '?'))].join(', ')}
                </summary>
                <ol>
                  {copies.map((copy) => (
                    <li key={copy.story}>
                      <OneStory member={copy} />
                    </li>
                  ))}
                </ol>
              </details>
            )}
          </li>
        );
      })}
    </ol>
  );
}

function OneStory({ member }: { readonly member: StorylineStory }) {
  const { story, at, match, evidence, reached, revisions } = member;
  if (match === null) {
    return (
      <p class="quiet">
        <Time at={at} /> · This story has expired.
      </p>
    );
  }
  const spans = (field: string) => evidence.filter((each) => each.field === field);
  return (
    <article class="story">
      <span class="when">
        <Time at={at} />
      </span>
      <div>
        <h3>
          <StoryLink url={match.url}>
            <FeedText text={match.title} lang={match.lang} evidence={spans('title')} />
          </StoryLink>
        </h3>
        {revisions.map((revision) => (
          <p key={revision.at} class="revision">
            until <Time at={revision.at} />:{' '}
            <del>
              <FeedText text={revision.title} lang={match.lang} />
            </del>
          </p>
        ))}
        {match.summary !== '' && (
          <p class="summary">
            <FeedText text={match.summary} lang={match.lang} evidence={spans('summary')} />
          </p>
        )}
        <p class="facts">
          {reached.length > 0 && <b>{reached.join(', ')}</b>}
          <span>{match.outlet}</span>
          <Languages langs={[match.lang]} />
          <a href={writeAddress(['story', story])}>why it matched</a>
        </p>
      </div>
    </article>
  );
}

function Alerts({ alerts }: { readonly alerts: readonly StorylineAlert[] }) {
  if (alerts.length === 0)
    return <Nothing>Nobody was told: no subscriber follows it, or it was old when it was found.</Nothing>;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Subscriber</th>
          <th scope="col">Sent</th>
        </tr>
      </thead>
      <tbody>
        {alerts.map(({ subscriber, state, sent, held }) => (
          <tr key={`${subscriber}#${state}`}>
            <td>{state}</td>
            <td>{subscriber === 'integration' ? 'topic for programs' : subscriber}</td>
            <td>
              {sent !== null && <Time at={sent} />}
              {sent === null && held === null && 'on its way'}
              {sent === null && held !== null && (
                <>
                  held until <Time at={held.until} />
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
