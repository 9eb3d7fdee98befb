import { isCommonWord, isDoubtfulName } from '../text/common-words.ts';
import { compileWithCosts } from './compile.ts';
import { ruleKind } from './compiled.ts';
import { nodesOf } from './query.ts';
import type { Query, QueryNode } from './query-node.ts';
import type { Places, Report } from './read-values.ts';
import type { EntitySource, WatchlistSource, WordItem } from './watchlist-source.ts';

// A guess: most stories make us look at such a rule.
const commonRule = 0.6;

/** Reports what is allowed and probably not meant: docs/watchlist.md, "What check warns of". */
export function lintWatchlist(
  source: WatchlistSource,
  places: Places,
  report: Report,
  feedLanguages: readonly string[],
): void {
  lintLanguages(source, report, feedLanguages);
  for (const entity of Object.values(source.entities)) lintAliases(entity, places, report);
  for (const { query, node, owner } of places.queries) {
    for (const [part, by] of shadowed(query)) {
      const text = (of: QueryNode) => query.text.slice(of.start, of.end).replace(/\s+/g, ' ').slice(0, 60);
      report(
        'warning',
        node,
        `${owner}: (${text(part)}) is shadowed by ${text(by)}, which matches all that it does`,
        'take one of the two out',
        part.start,
      );
    }
  }
  lintRules(source, places, report);
}

/** A language whose stories can only match names that count in every language is a feed polled in vain. */
function lintLanguages(source: WatchlistSource, report: Report, feedLanguages: readonly string[]): void {
  const aliases = Object.values(source.entities).flatMap((entity) => [
    entity.aliases,
    ...entity.ambiguous.map((entry) => entry.alias),
  ]);
  const spoken = new Set(aliases.flatMap((list) => list.items.map((item) => item.lang)));
  for (const lang of new Set(feedLanguages.map((tag) => tag.toLowerCase().split('-')[0]!))) {
    if (spoken.has(lang)) continue;
    report(
      'error',
      null,
      `a feed is in "${lang}", and no entity has aliases in it`,
      `add ${lang}: to the aliases of the entities its stories should match`,
    );
  }
}

function lintAliases(entity: EntitySource, places: Places, report: Report): void {
  const sure = new Set(entity.aliases.items.map(keyOf));
  for (const item of entity.aliases.items) {
    const at = places.items.get(item) ?? null;
    if (item.text.startsWith('!')) continue;
    const word = item.text.replaceAll('"', '');
    if (isCommonWord(word))
      report(
        'warning',
        at,
        `alias "${word}" of @${entity.id} is a common word`,
        'make it case-sensitive (!"…"), or ambiguous with the company it needs',
      );
    else if (isDoubtfulName(word) && entity.kind === 'state') {
      report(
        'warning',
        at,
        `alias "${word}" of @${entity.id} may mean something else`,
        'move it to ambiguous: and say what company it needs',
      );
    }
  }
  for (const item of entity.ambiguous.flatMap((entry) => entry.alias.items)) {
    if (!sure.has(keyOf(item))) continue;
    report(
      'warning',
      places.items.get(item) ?? null,
      `"${item.text}" is a sure alias of @${entity.id} too, so its company is never asked`,
      'take it out of aliases:',
    );
  }
}

function keyOf(item: WordItem): string {
  return `${item.lang} ${item.text.startsWith('!') ? item.text : item.text.toLowerCase()}`;
}

/** Parts of an OR that another part makes needless: `a OR (a AND b)`. */
function shadowed(query: Query): readonly (readonly [QueryNode, QueryNode])[] {
  const found: (readonly [QueryNode, QueryNode])[] = [];
  const same = (a: QueryNode, b: QueryNode) => shapeOf(a) === shapeOf(b);
  for (const node of nodesOf(query.node)) {
    if (node.kind !== 'or' || node.items.length > 200) continue;
    for (const [i, item] of node.items.entries()) {
      const by = node.items.find(
        (other, j) =>
          i !== j &&
          ((item.kind === 'and' && item.items.some((part) => same(part, other))) || (j < i && same(item, other))),
      );
      if (by !== undefined) found.push([item, by]);
    }
  }
  return found;
}

/** The query without the places of its parts. */
function shapeOf(node: QueryNode): string {
  return JSON.stringify(node, (key, value) =>
    key === 'start' || key === 'end' || key === 'closed' ? undefined : value,
  );
}

function lintRules(source: WatchlistSource, places: Places, report: Report): void {
  const same = new Map<string, string>();
  for (const event of Object.values(source.events)) {
    const shape = shapeOf(event.when.node);
    const other = same.get(shape);
    if (other !== undefined && event.unless === null) {
      report(
        'warning',
        places.ids.get(`events/${event.id}`) ?? null,
        `event ${event.id} has the same when: as event ${other}`,
        `write implies: [${event.id}] in ${other}, or tell them apart`,
      );
    }
    if (event.unless === null) same.set(shape, other ?? event.id);
  }
  for (const cost of compileWithCosts(source).costs) {
    const isEntity = cost.kind === ruleKind.entity;
    const at = places.ids.get(`${isEntity ? 'entities' : 'events'}/${cost.target}`) ?? null;
    const rule = isEntity
      ? `entity @${cost.target}`
      : `${cost.kind === ruleKind.event ? 'when' : 'while_running'} of event ${cost.target}`;
    if (cost.never) report('warning', at, `${rule} can never match`, 'one of the parts it needs has no words');
    else if (cost.likelihood === null)
      report(
        'warning',
        at,
        `${rule} is looked at for every story`,
        'let it need a word, an @entity or a #term in each way it can match',
      );
    else if (cost.likelihood > commonRule && !isEntity) {
      report(
        'warning',
        at,
        `${rule} is costly: even its rarest part is very common`,
        'join it by AND to something rarer, such as an @entity',
      );
    }
  }
}
