import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Feed, Named, Watchlist } from './api/types.ts';
import { useAnswer } from './api/use-answer.ts';

/** What there is to choose from and to call by name, in every view. */
export type Catalogue = {
  readonly events: readonly Named[];
  readonly entities: readonly Named[];
  readonly outlets: readonly string[];
  readonly langs: readonly string[];
  readonly nameOf: (id: string) => string;
  readonly isEvent: (id: string) => boolean;
  readonly feedName: (id: string) => string;
};

const empty: Catalogue = {
  events: [],
  entities: [],
  outlets: [],
  langs: [],
  nameOf: (id) => id,
  isEvent: () => false,
  feedName: (id) => id,
};

export const CatalogueContext = createContext<Catalogue>(empty);

export const useCatalogue = (): Catalogue => useContext(CatalogueContext);

const refreshMs = 300_000;

/** Asked once for the whole page, by its frame. */
export function useCatalogueOfApi(): Catalogue {
  const watchlist = useAnswer<Watchlist>('/api/watchlist', refreshMs).data;
  const feeds = useAnswer<{ readonly feeds: readonly Feed[] }>('/api/feeds', refreshMs).data?.feeds ?? [];
  if (watchlist === null) return empty;
  const { events, entities } = watchlist;
  const names = new Map([...events, ...entities].map(({ id, name }) => [id, name]));
  const eventIds = new Set(events.map(({ id }) => id));
  const feedNames = new Map(feeds.map(({ id, name }) => [id, name]));
  return {
    events,
    entities,
    outlets: sorted(feeds.map(({ outlet }) => outlet)),
    langs: sorted(feeds.map(({ lang }) => lang)),
    nameOf: (id) => names.get(id) ?? id,
    isEvent: (id) => eventIds.has(id),
    feedName: (id) => feedNames.get(id) ?? id,
  };
}

const sorted = (values: readonly string[]) => [...new Set(values.filter(Boolean))].sort();

const languages = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' });

export function languageName(tag: string): string {
  try {
    return languages.of(tag) ?? tag;
  } catch {
    return tag;
  }
}
