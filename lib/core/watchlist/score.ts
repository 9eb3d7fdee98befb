/** True, false and missed pairs of a story and an id. */
export type Score = {
  readonly right: number;
  readonly wrong: number;
  readonly missed: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
};

export type Labelled = {
  readonly id: string;
  readonly lang: string;
  readonly title: string;
  readonly entities: readonly string[];
  readonly events: readonly string[];
};
export type Found = { readonly entities: readonly string[]; readonly events: readonly string[] };

export type WorstStory = {
  readonly id: string;
  readonly lang: string;
  readonly title: string;
  /** What was found and is not labelled, and what is labelled and was not found. */
  readonly wrong: readonly string[];
  readonly missed: readonly string[];
};

export type Report = {
  readonly stories: number;
  readonly entities: Score;
  readonly events: Score;
  readonly byEntity: Readonly<Record<string, Score>>;
  readonly byEvent: Readonly<Record<string, Score>>;
  readonly byLanguage: Readonly<
    Record<string, { readonly stories: number; readonly entities: Score; readonly events: Score }>
  >;
  readonly worst: readonly WorstStory[];
};

type Count = { right: number; wrong: number; missed: number };

/** Micro precision, recall and F1 over pairs of story and id, for entities and events apart. */
export function scoreMatches(rows: readonly { readonly label: Labelled; readonly found: Found }[]): Report {
  const all = { entities: newCount(), events: newCount() };
  const byEntity = new Map<string, Count>();
  const byEvent = new Map<string, Count>();
  const byLanguage = new Map<string, { stories: number; entities: Count; events: Count }>();
  const worst: WorstStory[] = [];
  for (const { label, found } of rows) {
    const lang = byLanguage.get(label.lang) ?? { stories: 0, entities: newCount(), events: newCount() };
    byLanguage.set(label.lang, lang);
    lang.stories++;
    const entities = compare(label.entities, found.entities, [all.entities, lang.entities], byEntity);
    const events = compare(label.events, found.events, [all.events, lang.events], byEvent);
    const wrong = [...events.wrong, ...entities.wrong];
    const missed = [...events.missed, ...entities.missed];
    if (wrong.length + missed.length > 0)
      worst.push({ id: label.id, lang: label.lang, title: label.title, wrong, missed });
  }
  return {
    stories: rows.length,
    entities: scoreOf(all.entities),
    events: scoreOf(all.events),
    byEntity: sorted(byEntity, scoreOf),
    byEvent: sorted(byEvent, scoreOf),
    byLanguage: sorted(byLanguage, (row) => ({
      stories: row.stories,
      entities: scoreOf(row.entities),
      events: scoreOf(row.events),
    })),
    worst: worst.sort((a, b) => b.wrong.length + b.missed.length - a.wrong.length - a.missed.length),
  };
}

function compare(
  wanted: readonly string[],
  found: readonly string[],
  totals: readonly Count[],
  byId: Map<string, Count>,
) {
  const count = (id: string, what: keyof Count) => {
    const row = byId.get(id) ?? newCount();
    byId.set(id, row);
    for (const total of [...totals, row]) total[what]++;
  };
  const wrong = found.filter((id) => !wanted.includes(id));
  const missed = wanted.filter((id) => !found.includes(id));
  for (const id of found) count(id, wanted.includes(id) ? 'right' : 'wrong');
  for (const id of missed) count(id, 'missed');
  return { wrong, missed };
}

function newCount(): Count {
  return { right: 0, wrong: 0, missed: 0 };
}

function scoreOf({ right, wrong, missed }: Count): Score {
  // Nothing found is no error of precision, and nothing wanted none of recall.
  const precision = right + wrong === 0 ? 1 : right / (right + wrong);
  const recall = right + missed === 0 ? 1 : right / (right + missed);
  const f1 = right === 0 ? (wrong + missed === 0 ? 1 : 0) : (2 * precision * recall) / (precision + recall);
  return { right, wrong, missed, precision, recall, f1 };
}

function sorted<A, B>(rows: ReadonlyMap<string, A>, map: (row: A) => B): Readonly<Record<string, B>> {
  return Object.fromEntries([...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, row]) => [id, map(row)]));
}
