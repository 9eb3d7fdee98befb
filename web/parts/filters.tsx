import { languageName, useCatalogue } from '../catalogue.ts';
import { useFilters } from '../use-address.ts';
import { useMedia } from './use-media.ts';

type Choice = readonly [value: string, label: string];

/** One filter: its value stands in the page's address. */
export function Choose({
  name,
  label,
  choices,
  any,
}: {
  readonly name: string;
  readonly label: string;
  readonly choices: readonly Choice[];
  /** What no choice is called. */
  readonly any: string;
}) {
  const { filters, setFilters } = useFilters();
  const value = filters[name] ?? '';
  // An address may name what the watchlist no longer has.
  const known = value === '' || choices.some(([each]) => each === value);
  return (
    <label class={value === '' ? 'filter' : 'filter set'}>
      <span>{label}</span>
      <select value={value} onChange={(event) => setFilters({ [name]: event.currentTarget.value })}>
        <option value="">{any}</option>
        {!known && <option value={value}>{value}</option>}
        {choices.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

export const windows: readonly Choice[] = [
  ['6h', '6 h'],
  ['24h', '24 h'],
  ['48h', '48 h'],
  ['7d', '7 d'],
  ['30d', '30 d'],
];

/** The span of time that a view looks back over. */
export function ChooseWindow({ preset = '48h' }: { readonly preset?: string }) {
  const { filters, setFilters } = useFilters();
  const value = filters.since ?? preset;
  return (
    <fieldset class="segments">
      <legend>Last</legend>
      {windows.map(([each, text]) => (
        <label key={each}>
          <input
            type="radio"
            name="since"
            value={each}
            checked={value === each}
            onChange={() => setFilters({ since: each === preset ? undefined : each })}
          />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Days where hours would be too many to see. */
export const widthFor = (since: string): 'hour' | 'day' => (since === '30d' ? 'day' : 'hour');

const priorities: readonly Choice[] = [
  ['critical', 'critical'],
  ['high', 'high and above'],
  ['normal', 'normal and above'],
];

const states = ['corroborated', 'escalated', 'corrected'];

const names = ['event', 'entity', 'lang', 'outlet', 'state', 'priority', 'text'];

/** All that narrows the storylines of the first look; folded away where there is little room. */
export function StorylineFilters() {
  const { filters } = useFilters();
  const set = names.filter((name) => filters[name] !== undefined).length;
  const isWide = useMedia('(min-width: 48rem)');
  return (
    <search class="filters">
      <ChooseWindow />
      {isWide ? (
        <EveryFilter anySet={set > 0} />
      ) : (
        <details class="more-filters">
          <summary>Filters{set > 0 && `, ${set} set`}</summary>
          <div>
            <EveryFilter anySet={set > 0} />
          </div>
        </details>
      )}
    </search>
  );
}

function EveryFilter({ anySet }: { readonly anySet: boolean }) {
  const { events, entities, outlets, langs } = useCatalogue();
  const { filters, setFilters } = useFilters();
  const same = (values: readonly string[]) => values.map((value): Choice => [value, value]);
  return (
    <>
      <Choose name="event" label="Event" any="every event" choices={byName(events)} />
      <Choose name="entity" label="Entity" any="every entity" choices={byName(entities)} />
      <Choose
        name="lang"
        label="Language"
        any="every language"
        choices={langs.map((lang) => [lang, languageName(lang)])}
      />
      <Choose name="outlet" label="Outlet" any="every outlet" choices={same(outlets)} />
      <Choose name="state" label="State" any="any state" choices={same(states)} />
      <Choose name="priority" label="Priority" any="any priority" choices={priorities} />
      <label class={filters.text ? 'filter words set' : 'filter words'}>
        <span>Words</span>
        <input
          type="search"
          value={filters.text ?? ''}
          placeholder="in the title"
          onChange={(event) => setFilters({ text: event.currentTarget.value.trim() })}
        />
      </label>
      {anySet && (
        <button
          type="button"
          class="plain"
          onClick={() => setFilters(Object.fromEntries(names.map((name) => [name, undefined])))}
        >
          Clear filters
        </button>
      )}
    </>
  );
}

const byName = (all: readonly { readonly id: string; readonly name: string }[]): readonly Choice[] =>
  all.map(({ id, name }): Choice => [id, name]).toSorted(([, a], [, b]) => a.localeCompare(b));
