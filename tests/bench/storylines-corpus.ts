import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Headlines with known storylines, made up: each development is worded as a dozen newsrooms would word it, with names
 * from invented lists, so that two developments of one kind differ in little but their names. Some titles are copies of
 * an earlier one, altered as feeds alter them, and some look like copies and are none.
 */
export type LabelledStory = {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly published: string;
  /** The development it tells of. */
  readonly storyline: string;
  /** The story whose text it repeats. */
  readonly copyOf: string | null;
};

/** How one kind of development is worded. Slots: P a surname, Q another, C a company, D another, T a town, N a number. */
const kinds: readonly (readonly string[])[] = [
  [
    'C to buy D for $N billion',
    'C agrees $N bn takeover of D',
    'D shares soar on C offer',
    'Why C wants D',
    'C boss P defends price paid for D',
    'Regulators to look into C purchase of D',
    'D board backs bid from C',
    'Analysts doubt C can digest D',
    'Unions fear job losses as C swallows D',
    'What the D deal means for customers',
    'C strikes its biggest deal yet with D',
    'Takeover talk lifts D to record',
  ],
  [
    'P resigns as head of C',
    'C chief P quits after accounting inquiry',
    'C names Q to succeed P',
    'Who is Q, the new head of C?',
    'C shares slide as P leaves',
    'Inside the fall of P at C',
    'P says sorry to C staff in farewell note',
    'Investors had lost patience with P, C director says',
    'C board pushed P out, papers show',
    'Q takes over at C with promise of calm',
  ],
  [
    'Train derails near T, N hurt',
    'N injured as express leaves tracks at T',
    'Rescuers work through the night at T rail crash',
    'T rail crash: what is known',
    'Driver of T train was speeding, inquiry hears',
    'Signal fault suspected in T derailment',
    'Survivors of T crash tell of panic',
    'Minister visits T crash site',
    'Rail line through T shut for days after derailment',
    'T mourns after train disaster',
  ],
  [
    'Jury finds P guilty of fraud',
    'P convicted over C pension money',
    'P faces N years in jail after C verdict',
    'C pensioners cheer as P is found guilty',
    'Judge to sentence P next month',
    'How P emptied the C pension fund',
    'P to appeal against C fraud verdict',
    'Former C treasurer P taken into custody',
    'Verdict on P shakes C',
    'Lawyer for P calls C trial unfair',
  ],
  [
    'C unveils N-inch foldable phone',
    'Hands on with the new C foldable',
    'C foldable: price, release date and specs',
    'C bets on folding screens to catch D',
    'C phone bends, but will it sell?',
    'First look at the bendable C handset',
    'Pre-orders open for C folding phone',
    'D mocks the C foldable in new advert',
    'C handset creases after a week, testers say',
    'Folding phone puts C ahead of D',
  ],
  [
    'P and Q to marry in T',
    'Singer P engaged to actor Q',
    'P shows off ring from Q',
    'P and Q: how they met',
    'Wedding of P and Q set for T castle',
    'Fans of P stunned by Q engagement',
    'Q proposed to P on stage in T',
    'T readies for celebrity wedding of P',
    'Guest list for P and Q leaks',
    'P, Q ask for charity gifts instead',
  ],
  [
    'Measles outbreak in T grows to N cases',
    'T closes schools over measles',
    'Health officials urge jabs as measles spreads in T',
    'N children in hospital in T measles outbreak',
    'T measles traced to trade fair visitor',
    'Parents queue for measles vaccine in T',
    'Measles in T: what you need to know',
    'T doctors warn of more measles cases',
    'Neighbouring towns on alert over T measles',
    'Measles clinic opens in T sports hall',
  ],
  [
    'Storm P batters T coast',
    'N homes without power as storm P hits T',
    'T harbour flooded by storm P',
    'Storm P: ferries to T cancelled',
    'Clear-up begins in T after storm P',
    'Storm P moves inland from T',
    'T residents return to ruined homes after P',
    'Forecasters defend warnings over storm P',
    'Insurers count cost of P in T',
    'Sea wall at T gives way to storm P',
  ],
  [
    'T votes for mayor P in upset',
    'P wins T mayoral race by N votes',
    'Incumbent Q loses T to newcomer P',
    'How P won T',
    'Q demands recount in T',
    'T recount confirms P as mayor',
    'P promises free buses for T',
    'Q concedes to P after T recount',
    'Business leaders in T wary of mayor P',
    'First day for P at T town hall',
  ],
  [
    'C recalls N cars over brakes',
    'C brake fault known for years, memo shows',
    'Owners of C cars told not to drive',
    'C chief P to face lawmakers on recall',
    'C recall: is your car affected?',
    'C sets aside $N million for brake recall',
    'Safety agency fines C over late brake recall',
    'Crash victims sue C over brakes',
    'C supplier D blames bad brake fluid',
    'C reopens plant after brake recall',
  ],
];

const surnames = parts(
  [
    'Ald',
    'Bex',
    'Cor',
    'Dun',
    'Ems',
    'Fal',
    'Gar',
    'Hol',
    'Ive',
    'Jan',
    'Kel',
    'Lor',
    'Mar',
    'Nor',
    'Osk',
    'Pel',
    'Quin',
    'Ros',
    'Sut',
    'Tal',
    'Ulm',
    'Var',
    'Wex',
    'Yar',
    'Zel',
  ],
  ['beck', 'combe', 'dahl', 'ez', 'ford', 'gren', 'holm', 'ini', 'kamp', 'low', 'mann', 'nedy', 'otti', 'quist', 'son'],
);
const companies = parts(
  [
    'Acti',
    'Bori',
    'Cala',
    'Deno',
    'Elva',
    'Foro',
    'Gilo',
    'Hexa',
    'Inda',
    'Juvo',
    'Kora',
    'Lumo',
    'Mira',
    'Novi',
    'Opta',
    'Pyra',
    'Rova',
    'Syla',
    'Tova',
    'Vexo',
  ],
  ['bank', 'cell', 'dyne', 'lec', 'mart', 'net', 'pharm', 'soft', 'tech', 'tron', 'wood'],
);
const towns = parts(
  [
    'Ash',
    'Brack',
    'Cold',
    'Dray',
    'East',
    'Frome',
    'Glen',
    'Hart',
    'Kings',
    'Long',
    'Mill',
    'Nether',
    'Old',
    'Pen',
    'Red',
    'Stone',
    'Thorn',
    'West',
  ],
  ['bridge', 'bury', 'dale', 'field', 'gate', 'ham', 'haven', 'mouth', 'port', 'stead', 'wick', 'worth'],
);

function parts(heads: readonly string[], tails: readonly string[]): readonly string[] {
  return heads.flatMap((head) => tails.map((tail) => head + tail));
}

const publishers = [
  'Coast News',
  'The Daily Sound',
  'Morning Herald',
  'northpost.example.com',
  'Evening Star',
  'City Wire',
];

/** What feeds do to a text they copy. */
const alterations: readonly ((title: string, chance: () => number) => string)[] = [
  (title, chance) => `${title} - ${publishers[Math.floor(chance() * publishers.length)]}`,
  (title) => title.toUpperCase(),
  (title, chance) => `UPDATE ${1 + Math.floor(chance() * 3)}-${title}`,
  (title) => `${title}!`,
  (title) => title.replace(/ (?:to|on|over|after|as|of|for) /, (word) => (word === ' over ' ? ' on ' : word)),
  (title, chance) => `Watch: ${title} | ${publishers[Math.floor(chance() * publishers.length)]}`,
  (title) => title.replaceAll("'", '’').replace(/ and /g, ' & '),
  (title) => (title.split(' ').length > 6 ? `${title.split(' ').slice(0, -1).join(' ')} ...` : title),
];

/**
 * The headlines of tests/fixtures/storylines: real developments in our own words, dealt over `days` days from a seed, each
 * development in a burst of hours.
 */
export function headlineFixture(days: number, seed: number): readonly LabelledStory[] {
  const chance = randomFrom(seed);
  const rows: LabelledStory[] = [];
  let storyline = '';
  let start = 0;
  for (const line of readFileSync(fixture, 'utf8').split('\n')) {
    if (line === '' || line.startsWith(';')) continue;
    if (line.startsWith('#')) {
      storyline = line.slice(1);
      start = chance() * days * 24;
      continue;
    }
    const hour = start - Math.log(1 - chance()) * 10;
    rows.push({ ...row(line, '', hour), id: `headline-${rows.length}`, storyline, copyOf: null });
  }
  return rows.sort((a, b) => Date.parse(a.published) - Date.parse(b.published));
}

const fixture = join(import.meta.dirname, '../fixtures/storylines/headlines.txt');

/** `count` stories over `days` days from a seed; about a sixth of them are copies. */
export function storylineCorpus(count: number, days: number, seed: number): readonly LabelledStory[] {
  const chance = randomFrom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)]!;
  const rows: Omit<LabelledStory, 'id'>[] = [];
  const names = {
    people: shuffled(surnames, chance),
    firms: shuffled(companies, chance),
    places: shuffled(towns, chance),
  };
  for (let line = 0; rows.length < count; line++) {
    const kind = kinds[line % kinds.length]!;
    // Two developments of one kind have no name in common until the names run out.
    const turn = Math.floor(line / kinds.length);
    const slots: Readonly<Record<string, string>> = {
      P: names.people[(2 * turn) % names.people.length]!,
      Q: names.people[(2 * turn + 1) % names.people.length]!,
      C: names.firms[(2 * turn) % names.firms.length]!,
      D: names.firms[(2 * turn + 1) % names.firms.length]!,
      T: names.places[turn % names.places.length]!,
      N: String(2 + Math.floor(chance() * 60)),
    };
    const start = chance() * days * 24;
    for (const wording of shuffled(kind, chance).slice(0, 3 + Math.floor(chance() * kind.length))) {
      const title = wording.replace(/\b[PQCDT]\b|\bN\b|(?<=\$)N/g, (slot) => slots[slot] ?? slot);
      const hour = start - Math.log(1 - chance()) * 8;
      rows.push({ ...row(title, pick(publishers), hour), storyline: `line-${line}`, copyOf: null });
    }
  }
  const originals = rows.slice(0, count);
  const copies = originals.flatMap((original, i) => {
    if (chance() > 0.2) return [];
    const hour = (Date.parse(original.published) - startMs) / hourMs + chance() * 2 + 0.01;
    const title = pick(alterations)(original.title, chance);
    return [{ ...row(title, pick(publishers), hour), storyline: original.storyline, copyOf: String(i) }];
  });
  const labelled = [
    ...originals.map((story, i) => ({ ...story, id: String(i) })),
    ...copies.map((story, i) => ({ ...story, id: `copy-${i}` })),
  ];
  return labelled.sort((a, b) => Date.parse(a.published) - Date.parse(b.published));
}

const hourMs = 3_600_000;
const startMs = Date.UTC(2026, 0, 5);

function row(title: string, source: string, hour: number): { title: string; source: string; published: string } {
  return { title, source, published: new Date(startMs + hour * hourMs).toISOString() };
}

function shuffled<T>(items: readonly T[], chance: () => number): readonly T[] {
  return items
    .map((item) => [chance(), item] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, item]) => item);
}

/** Mulberry32: small, seeded, good enough to deal headlines. */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
