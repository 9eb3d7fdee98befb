import type { MatchInput } from '../../../lib/core/watchlist/matched.ts';
import type { Query, QueryNode } from '../../../lib/core/watchlist/query-node.ts';
import type { EntitySource, WatchlistSource, WordList } from '../../../lib/core/watchlist/watchlist-source.ts';
import { type SlowWord, slowFold, slowWords } from './slow-words.ts';

/** What the slow matcher does not work out itself, because it is a list or a guess with tests of its own. */
export type Told = {
  readonly doer: WordList;
  readonly aim: WordList;
  readonly datelineLength: (text: string) => number;
};

/**
 * Matches a story the slow and obvious way: every query of the watchlist evaluated over lists of spans, as
 * docs/watchlist.md words it. It shares nothing with the matcher but types; what the forms of an item are it is told.
 */
export type FormsOf = (
  item: string,
  lang: string,
) => readonly (readonly { word: string; prefix: boolean; exact: string | null }[])[];

type Span = readonly [number, number];
type Found = { readonly holds: boolean; readonly spans: readonly Span[] };
type Word = SlowWord & { readonly field: 'title' | 'summary' | 'content'; readonly text: string };

/** A story that came before, for `running:`: what its strict rules matched. */
export type Earlier = {
  readonly events: readonly string[];
  readonly outlet: string;
  readonly published: string | null | undefined;
};

const nothing: Found = { holds: false, spans: [] };
const verbLast = ['fa', 'tr', 'az', 'hi', 'ur', 'ja', 'ko', 'kk', 'ky', 'uz'];

export function slowMatch(
  source: WatchlistSource,
  story: MatchInput,
  formsOf: FormsOf,
  told: Told,
  earlier: readonly Earlier[] = [],
): { entities: string[]; events: string[]; strictEvents: string[] } {
  const now = matchGiven(source, story, formsOf, told, earlier);
  // Asked again as if nothing ran, for the events that matched by their own rule.
  const events = Object.fromEntries(now.own.map((id) => [id, source.events[id]!]));
  const ifNothingRan = matchGiven({ ...source, events, weights: {} }, story, formsOf, told, []);
  const strictEvents = now.own.filter((id) => ifNothingRan.own.includes(id) && now.events.includes(id)).sort();
  return { entities: now.entities, events: now.events, strictEvents };
}

function matchGiven(
  source: WatchlistSource,
  story: MatchInput,
  formsOf: FormsOf,
  told: Told,
  earlier: readonly Earlier[],
): { entities: string[]; events: string[]; own: string[] } {
  const lang = (story.lang ?? '').toLowerCase().split('-')[0]!;
  const words = storyWords(source, story);
  const listLang = isInForeignScript(lang, words) ? '' : lang;

  const spansOf = (spans: readonly Span[]): Found => {
    const unique = new Map(spans.map((span) => [span.join(), span]));
    return { holds: unique.size > 0, spans: [...unique.values()] };
  };

  // Only what is asked again and again is remembered, or a hundred thousand rules would take the afternoon.
  const spoken = new Set(words.map(({ word }) => word));
  const remembered = new Map<string, readonly Span[]>();
  let rememberedMarks: readonly [Found, Found] | null = null;
  const rememberedEntities = new Map<string, Found>();

  function itemSpans(item: string, itemLang: string): readonly Span[] {
    const key = `${itemLang} ${item}`;
    const known = remembered.get(key) ?? findItem(item, itemLang);
    remembered.set(key, known);
    return known;
  }

  function findItem(item: string, itemLang: string): Span[] {
    const spans: Span[] = [];
    for (const form of formsOf(item, itemLang)) {
      // Most words of a list are in no story: looked up before they are looked for.
      if (form.length === 0 || (!form[0]!.prefix && !spoken.has(form[0]!.word))) continue;
      for (let at = 0; at + form.length <= words.length; at++) {
        const here = words.slice(at, at + form.length);
        if (here.some((word) => word.sentence !== here[0]!.sentence)) continue;
        const fits = form.every((wanted, i) => {
          const word = here[i]!;
          const same =
            wanted.prefix && wanted.word.length > 2 ? word.word.startsWith(wanted.word) : word.word === wanted.word;
          return same && (wanted.exact === null || capitalsOf(word.text) === wanted.exact);
        });
        if (fits) spans.push([at, at + form.length]);
      }
    }
    return spans;
  }

  function listed(list: WordList, sure: boolean, self: Span | null): Found {
    const items = list.items.filter((item) => item.lang === 'any' || listLang === '' || item.lang === listLang);
    const own = items.flatMap((item) => itemSpans(item.text, item.lang));
    const more = list.query === null ? nothing : evaluate(list.query.node, sure, self);
    return spansOf([...own, ...(more.holds ? more.spans : [])]);
  }

  function isInDateline(word: Word): boolean {
    return word.field !== 'title' && word.end <= told.datelineLength(story[word.field] ?? '');
  }

  function entity(row: EntitySource, sure: boolean): Found {
    const key = `${row.id} ${sure}`;
    const known = rememberedEntities.get(key) ?? findEntity(row, sure);
    rememberedEntities.set(key, known);
    return known;
  }

  function findEntity(row: EntitySource, sure: boolean): Found {
    const phrases = listed(row.phrases, true, null);
    const certain = outside(listed(row.aliases, true, null), phrases);
    if (sure) return certain;
    const uncertain = row.ambiguous.flatMap((entry) =>
      outside(listed(entry.alias, true, null), phrases).spans.filter((span) => {
        if (isInDateline(words[span[0]]!)) return false;
        const withIt = entry.with === null || evaluate(entry.with.node, true, span).holds;
        return withIt && (entry.not === null || !evaluate(entry.not.node, true, span).holds);
      }),
    );
    return spansOf([...certain.spans, ...uncertain]);
  }

  const outside = (a: Found, b: Found): Found =>
    spansOf(a.spans.filter((x) => !b.spans.some((y) => y[0] < x[1] && y[1] > x[0])));
  const oneField = (a: Span, b: Span) => words[a[0]]!.field === words[b[0]]!.field;
  const gap = (a: Span, b: Span) => words[b[0]]!.position - (words[a[1] - 1]!.position + words[a[1] - 1]!.width);
  const inOrder = (a: Span, b: Span, n: number) => b[0] >= a[1] && oneField(a, b) && gap(a, b) <= (n - 1) * 2;
  const cover = (a: Span, b: Span): Span => [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
  const pairs = (a: Found, b: Found, fits: (x: Span, y: Span) => boolean): Found =>
    spansOf(a.spans.flatMap((x) => b.spans.filter((y) => fits(x, y)).map((y) => cover(x, y))));
  const onear = (a: Found, b: Found, n: number) => pairs(a, b, (x, y) => inOrder(x, y, n));
  const near = (a: Found, b: Found, n: number) => pairs(a, b, (x, y) => inOrder(x, y, n) || inOrder(y, x, n));
  const oneSentence = (span: Span) => words[span[0]]!.sentence === words[span[1] - 1]!.sentence;
  const within = (a: Found) => spansOf(a.spans.filter(oneSentence));

  function by(who: Found, does: Found, whom: Found): Found {
    rememberedMarks ??= [listed(told.doer, true, null), listed(told.aim, true, null)];
    const [doer, aim] = rememberedMarks;
    const doneBy = onear(doer, who, 3);
    const notAimed = outside(who, onear(aim, who, 2));
    const free = outside(outside(who, doneBy), onear(aim, who, 2));
    const notDoer = outside(whom, onear(doer, whom, 3));
    const aimedAt = onear(aim, notDoer, 3);
    const ways = [
      near(near(doneBy, does, 12), notDoer, 12),
      onear(onear(does, notDoer, 6), doneBy, 8),
      onear(onear(free, does, 8), aimedAt, 5),
      onear(onear(does, notAimed, 4), aimedAt, 6),
      ...(verbLast.includes(lang)
        ? [onear(onear(free, notDoer, 8), does, 8)]
        : [onear(onear(free, does, 6), notDoer, 5)]),
      ...(['ar', 'he'].includes(lang) ? [onear(onear(does, free, 4), notDoer, 6)] : []),
      ...([...verbLast, 'zh'].includes(lang) ? [onear(onear(free, aimedAt, 6), does, 6)] : []),
    ];
    return spansOf(ways.flatMap((way) => within(way).spans));
  }

  /** So many outlets had a story of the event, the last of each within these hours of this one. */
  function runs(event: string, outlets: number, hours: number): boolean {
    const hour = (time: string | null | undefined) => (time ? Date.parse(time) / 3_600_000 : Number.NaN);
    const last = new Map<string, number>();
    for (const other of earlier) {
      if (!other.events.includes(event) || Number.isNaN(hour(other.published))) continue;
      last.set(other.outlet, Math.max(hour(other.published), last.get(other.outlet) ?? 0));
    }
    return [...last.values()].filter((time) => Math.abs(time - hour(story.published)) <= hours).length >= outlets;
  }

  function sentenceEdge(of: Found, n: number, fromStart: boolean): Found {
    return spansOf(
      of.spans.filter(([start, end]) => {
        const anchor = words[fromStart ? start : end - 1]!;
        const sentence = words.filter((word) => word.sentence === anchor.sentence);
        const first = sentence[0]!;
        const last = sentence.at(-1)!;
        const away = fromStart
          ? anchor.position - first.position
          : last.position + last.width - anchor.position - anchor.width;
        return away <= (n - 1) * 2;
      }),
    );
  }

  function evaluate(node: QueryNode, sure: boolean, self: Span | null): Found {
    const of = (child: QueryNode) => evaluate(child, sure, self);
    switch (node.kind) {
      case 'words':
        return spansOf(itemSpans(node.caseSensitive ? `!"${node.text}"` : `"${node.text}"`, 'any'));
      case 'entity': {
        const row = source.entities[node.id];
        if (row === undefined) return nothing;
        const own = entity(row, sure);
        return node.side ? spansOf([...own.spans, ...listed(row.standsFor, sure, self).spans]) : own;
      }
      case 'term': {
        const list = source.terms[node.id];
        return list === undefined ? nothing : listed(list, sure, self);
      }
      case 'and': {
        const parts = node.items.map(of);
        return parts.every((part) => part.holds)
          ? { holds: true, spans: spansOf(parts.flatMap((part) => part.spans)).spans }
          : nothing;
      }
      case 'or': {
        const parts = node.items.map(of).filter((part) => part.holds);
        return { holds: parts.length > 0, spans: spansOf(parts.flatMap((part) => part.spans)).spans };
      }
      case 'not':
        return { holds: !of(node.item).holds, spans: [] };
      case 'near':
      case 'onear': {
        const edge = [node.left, node.right].find((part) => part.kind === 'start' || part.kind === 'end');
        if (edge !== undefined)
          return sentenceEdge(of(edge === node.left ? node.right : node.left), node.distance, edge.kind === 'start');
        return (node.kind === 'near' ? near : onear)(of(node.left), of(node.right), node.distance);
      }
      case 'same':
        return pairs(
          within(of(node.left)),
          within(of(node.right)),
          (x, y) => words[x[0]]!.sentence === words[y[0]]!.sentence,
        );
      case 'outside': {
        const inner = of(node.right);
        return inner.holds ? outside(of(node.left), inner) : of(node.left);
      }
      case 'atleast': {
        const inner = of(node.item);
        return inner.holds && new Set(inner.spans.map(([start]) => start)).size >= node.count ? inner : nothing;
      }
      case 'field':
        return inField(node.item, node.field, sure, self);
      case 'by':
        return by(of(node.who), of(node.does), of(node.whom));
      case 'lang':
        return { holds: lang !== '' && lang === node.tag, spans: [] };
      case 'source': {
        const name = foldedWords(story.source ?? '');
        const wanted = foldedWords(node.value);
        return { holds: name !== '' && (node.prefix ? name.startsWith(wanted) : name === wanted), spans: [] };
      }
      case 'published': {
        const day = story.published?.slice(0, 10) ?? null;
        return {
          holds: day !== null && (node.from === null || day >= node.from) && (node.to === null || day <= node.to),
          spans: [],
        };
      }
      case 'running': {
        const usual = source.events[node.event]?.running;
        const isIt =
          usual !== undefined && runs(node.event, node.outlets ?? usual.outlets, node.withinHours ?? usual.withinHours);
        return { holds: isIt, spans: [] };
      }
      case 'self':
        return self === null ? nothing : spansOf([self]);
      default:
        return nothing;
    }
  }

  /** A field restricts what occurs; AND, OR and NOT inside it speak of what is left. */
  function inField(node: QueryNode, field: string, sure: boolean, self: Span | null): Found {
    const of = (child: QueryNode) => inField(child, field, sure, self);
    if (node.kind === 'and' || node.kind === 'or') {
      const parts = node.items.map(of);
      const kept =
        node.kind === 'and' ? (parts.every((part) => part.holds) ? parts : []) : parts.filter((part) => part.holds);
      return { holds: kept.length > 0, spans: spansOf(kept.flatMap((part) => part.spans)).spans };
    }
    if (node.kind === 'not') return { holds: !of(node.item).holds, spans: [] };
    if (node.kind === 'atleast') {
      const inner = of(node.item);
      return new Set(inner.spans.map(([start]) => start)).size >= node.count ? inner : nothing;
    }
    if (node.kind === 'term') {
      const list = source.terms[node.id] ?? { items: [], query: null };
      const own = restricted(listed({ ...list, query: null }, sure, self), field);
      const more = list.query === null ? nothing : of(list.query.node);
      return spansOf([...own.spans, ...(more.holds ? more.spans : [])]);
    }
    const whole = evaluate(node, sure, self);
    if (['lang', 'source', 'published', 'running'].includes(node.kind)) return whole;
    return restricted(whole, field);
  }

  function restricted(found: Found, field: string): Found {
    return spansOf(
      found.spans.filter(([start, end]) => words[start]!.field === field && words[end - 1]!.field === field),
    );
  }

  const holds = (query: Query | null) => query !== null && evaluate(query.node, false, null).holds;
  const entities = Object.values(source.entities).filter((row) => entity(row, false).holds);
  const events = new Set<string>();
  const own: string[] = [];
  for (const event of Object.values(source.events)) {
    const yields = event.party !== null && inField(event.party.node, 'title', false, null).holds;
    if (holds(event.unless) && !yields) continue;
    if (holds(event.when)) own.push(event.id);
    const weakly = holds(event.whileRunning) && runs(event.id, event.running.outlets, event.running.withinHours);
    if (holds(event.when) || weakly) events.add(event.id);
  }
  for (let before = -1; before < events.size; ) {
    before = events.size;
    for (const id of [...events]) {
      for (const implied of source.events[id]!.implies) {
        if (source.events[implied.event] !== undefined && (implied.if === null || holds(implied.if)))
          events.add(implied.event);
      }
    }
  }
  if (entities.length + events.size > 0) {
    for (const [id, weights] of Object.entries(source.weights)) {
      const clauses = weights.clauses.filter(({ when }) => holds(when));
      const holding = clauses.map(({ weight }) => weight);
      const byRule = events.has(id);
      const odds = [weights.bias, byRule ? weights.rule : 0, ...holding].map(Math.exp);
      const likelihood = 1 - 1 / (1 + odds.reduce((a, b) => a * b));
      const spokenFor = byRule || clauses.some(({ when, weight }) => weight > 0 && namesWords(when.node));
      if (spokenFor && likelihood >= (byRule ? weights.keeps : weights.needs)) events.add(id);
      else events.delete(id);
    }
  }
  return { entities: entities.map(({ id }) => id).sort(), events: [...events].sort(), own };
}

/** Whether any word, entity or list stands in a query, however deep. */
function namesWords(node: object): boolean {
  if ('kind' in node && ['words', 'entity', 'term'].includes(String(node.kind))) return true;
  return Object.values(node).some((part) => typeof part === 'object' && part !== null && namesWords(part));
}

const scripts: Readonly<Record<string, RegExp>> = {
  en: /^[\p{Script=Latin}\p{N}]/u,
  tr: /^[\p{Script=Latin}\p{N}]/u,
  fr: /^[\p{Script=Latin}\p{N}]/u,
  fa: /^[\p{Script=Arabic}\p{N}]/u,
  ar: /^[\p{Script=Arabic}\p{N}]/u,
  he: /^[\p{Script=Hebrew}\p{N}]/u,
  ru: /^[\p{Script=Cyrillic}\p{N}]/u,
};

/** More than half of the title's words are in a script that the language is not written in. */
function isInForeignScript(lang: string, words: readonly Word[]): boolean {
  const own = scripts[lang];
  const title = words.filter((word) => word.field === 'title');
  return own !== undefined && title.filter((word) => !own.test(word.word)).length * 2 > title.length;
}

export function foldedWords(text: string): string {
  return slowWords(text)
    .map(({ word }) => word)
    .join(' ');
}

/** Capitals as a pattern: "SCO" is "111", "Nato" is "1000". */
export function capitalsOf(text: string): string {
  return [...text]
    .filter((letter) => /[\p{L}\p{N}]/u.test(letter) && slowFold(letter) !== '')
    .map((letter) => (letter === letter.toLowerCase() ? '0' : '1'))
    .join('');
}

function storyWords(source: WatchlistSource, story: MatchInput): Word[] {
  const words: Word[] = [];
  const fields = [
    ['title', withoutPublisher(source, story)] as const,
    ['summary', story.summary] as const,
    ['content', story.content ?? ''] as const,
  ];
  for (const [field, text] of fields) {
    const sentence = words.length === 0 ? 0 : words.at(-1)!.sentence + 1;
    for (const word of slowWords(text, sentence))
      words.push({ ...word, field, text: text.slice(word.start, word.end) });
  }
  return words;
}

function withoutPublisher(source: WatchlistSource, story: MatchInput): string {
  const found = /^(.+) [-–—|] ((?:(?! [-–—|] ).)*)$/su.exec(story.title);
  if (found === null || found[2]!.length > 60) return story.title;
  const tail = foldedWords(found[2]!);
  const name = foldedWords(story.source ?? '');
  const isSource =
    name !== '' && tail !== '' && (`${name} `.startsWith(`${tail} `) || `${tail} `.startsWith(`${name} `));
  return tail !== '' && (isSource || source.publishers.map(foldedWords).includes(tail)) ? found[1]! : story.title;
}
