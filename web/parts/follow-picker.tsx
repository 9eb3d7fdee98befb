import { useState } from 'preact/hooks';
import type { Named } from '../api/types.ts';
import { useCatalogue } from '../catalogue.ts';

type FollowPickerProps = {
  readonly follow: readonly string[];
  readonly onChange: (follow: readonly string[]) => void;
};

/** What to follow: everything, or some of the watchlist's events and entities. */
export function FollowPicker({ follow, onChange }: FollowPickerProps) {
  const { events, entities } = useCatalogue();
  const [sought, setSought] = useState('');
  const everything = follow.includes('*');
  const toggle = (id: string) => onChange(follow.includes(id) ? follow.filter((each) => each !== id) : [...follow, id]);
  const found = (all: readonly Named[]) => all.filter(({ name }) => name.toLowerCase().includes(sought.toLowerCase()));
  return (
    <fieldset class="follow">
      <legend>Follows</legend>
      <label class="tick">
        <input type="checkbox" checked={everything} onChange={() => onChange(everything ? [] : ['*'])} />
        <span>everything</span>
      </label>
      {!everything && (
        <>
          <input
            type="search"
            aria-label="Narrow the list of what to follow"
            placeholder="narrow the list"
            value={sought}
            onInput={(event) => setSought(event.currentTarget.value)}
          />
          <Ticks title="Events" all={found(events)} follow={follow} toggle={toggle} />
          <Ticks title="Entities" all={found(entities)} follow={follow} toggle={toggle} />
        </>
      )}
    </fieldset>
  );
}

function Ticks({
  title,
  all,
  follow,
  toggle,
}: {
  readonly title: string;
  readonly all: readonly Named[];
  readonly follow: readonly string[];
  readonly toggle: (id: string) => void;
}) {
  if (all.length === 0) return null;
  return (
    <fieldset class="ticks">
      <legend>{title}</legend>
      {all.map(({ id, name }) => (
        <label key={id} class="tick">
          <input type="checkbox" checked={follow.includes(id)} onChange={() => toggle(id)} />
          <span>{name}</span>
        </label>
      ))}
    </fieldset>
  );
}
