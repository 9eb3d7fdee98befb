import type { StorylineState } from '../../lib/core/storyline/storyline-state.ts';
import type { Priority } from '../../lib/core/watchlist/matched.ts';
import { writeAddress } from '../address.ts';
import type { Storyline } from '../api/types.ts';
import { languageName, useCatalogue } from '../catalogue.ts';
import { FeedText } from './feed-text.tsx';
import { Time } from './time.tsx';

/** What a storyline has come to, where from, and why it is here: two lines of it. */
export function StorylineRow({ storyline }: { readonly storyline: Storyline }) {
  const { id, title, last, stories, outlets, wires, langs, events, entities, priority, states, words, closed } =
    storyline;
  return (
    <li class="storyline">
      <span class="when">
        <Time at={last} />
      </span>
      <div class="what">
        <h3>
          <a href={writeAddress(['storyline', id])}>
            <FeedText text={title} words={words} lang={langs.length === 1 ? langs[0] : undefined} />
          </a>
        </h3>
        <p class="facts">
          <States states={states} closed={closed !== null} />
          <PriorityMark priority={priority} />
          <span>
            {stories} {stories === 1 ? 'story' : 'stories'}
          </span>
          <Outlets outlets={outlets} wires={wires} />
          <Languages langs={langs} />
        </p>
        <p class="facts">
          <Targets ids={events} />
          <Targets ids={entities} most={4} />
        </p>
      </div>
    </li>
  );
}

/** In the order in which they were reached. */
export function States({
  states,
  closed = false,
}: {
  readonly states: readonly StorylineState[];
  readonly closed?: boolean;
}) {
  return (
    <span class="states">
      {states.map((state, index) => (
        <span key={state} class={index === states.length - 1 ? `state last ${state}` : 'state'}>
          {state}
        </span>
      ))}
      {closed && <span class="state">closed</span>}
    </span>
  );
}

export function PriorityMark({ priority }: { readonly priority: Priority }) {
  if (priority === 'normal' || priority === 'low') return null;
  return <strong class={`priority ${priority}`}>{priority}</strong>;
}

/** How many newsrooms, the first by name, and the agency where they print one. */
function Outlets({ outlets, wires }: { readonly outlets: readonly string[]; readonly wires: readonly string[] }) {
  const most = 2;
  const more = outlets.length - most;
  const agencies = wires.filter((wire) => !outlets.slice(0, most).includes(wire));
  return (
    <span title={outlets.join(', ')}>
      {outlets.length > 1 && `${outlets.length} outlets: `}
      {outlets.slice(0, most).join(', ')}
      {more > 0 && ` +${more}`}
      {agencies.length > 0 && `, wire ${agencies.join(', ')}`}
    </span>
  );
}

export function Languages({ langs }: { readonly langs: readonly string[] }) {
  return (
    <span class="langs">
      {langs.map((lang) => (
        <abbr key={lang} title={languageName(lang)}>
          {lang}
        </abbr>
      ))}
    </span>
  );
}

/** Events and entities by their names, each a way to its page. */
export function Targets({ ids, most = ids.length }: { readonly ids: readonly string[]; readonly most?: number }) {
  const { nameOf, isEvent } = useCatalogue();
  if (ids.length === 0) return null;
  return (
    <span class="targets">
      {ids.slice(0, most).map((id) => (
        <a key={id} href={writeAddress([isEvent(id) ? 'event' : 'entity', id])}>
          {nameOf(id)}
        </a>
      ))}
      {ids.length > most && <span>+{ids.length - most}</span>}
    </span>
  );
}
