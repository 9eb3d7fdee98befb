import { aimBeforeVerb, aimMarks, doerMarks, verbFirst, verbLast } from './by.ts';
import { nodeKind } from './compiled.ts';
import { foldedSource } from './folded-source.ts';
import type { LeafTable } from './leaf-table.ts';
import type { NodeBuilder } from './node-builder.ts';
import type { Field, Query, QueryNode } from './query-node.ts';
import type { AmbiguousSource, EntitySource, WatchlistSource, WordList } from './watchlist-source.ts';

/**
 * `full`: @x is x with its ambiguous aliases. `sure`: inside with: and not:, where @x is x by its sure aliases, so that
 * entities may lean on each other.
 */
export type Scope = 'full' | 'sure';

export type QueryCompiler = {
  query(node: QueryNode, scope: Scope): number;
  entity(entity: EntitySource, scope: Scope): number;
  /** What makes an entity match, part by part: its sure aliases, then each ambiguous entry. */
  entityParts(entity: EntitySource): readonly { readonly node: number; readonly entry: AmbiguousSource | null }[];
  /** The query within one field, as `title:( )` around it. */
  inField(node: QueryNode, scope: Scope, field: Field): number;
  negate(node: number): number;
};

const fieldIndex: Readonly<Record<Field, number>> = { title: 0, summary: 1, content: 2 };

/** Turns parsed queries into nodes. Ids that the source does not have compile to what never occurs. */
export function queryCompiler(
  source: WatchlistSource,
  nodes: NodeBuilder,
  leaves: LeafTable,
  strings: { indexOf(text: string): number },
): QueryCompiler {
  const memo = new Map<string, number>();
  const once = (key: string, make: () => number): number => {
    const found = memo.get(key);
    if (found !== undefined) return found;
    // A circle, which the file's checks report, ends here.
    memo.set(key, nodes.never());
    const node = make();
    memo.set(key, node);
    return node;
  };

  const list = (key: string, words: WordList, scope: Scope): number =>
    once(`list ${key} ${scope}`, () => {
      const parts: number[] = [];
      if (words.items.length > 0) parts.push(nodes.leaf(leaves.ofItems(key.replace(/ items$/, ''), words.items)));
      if (words.query !== null) parts.push(query(words.query.node, scope));
      return nodes.or(parts);
    });

  const outsidePhrases = (entity: EntitySource, base: number): number => {
    const phrases = list(`phrases @${entity.id}`, entity.phrases, 'sure');
    return nodes.kindOf(phrases) === nodeKind.never ? base : nodes.make(nodeKind.outside, base, phrases);
  };

  const entity = (row: EntitySource, scope: Scope): number =>
    once(`entity ${row.id} ${scope}`, () => {
      if (scope === 'full') return nodes.or(entityParts(row).map(({ node }) => node));
      return outsidePhrases(row, list(`aliases @${row.id}`, row.aliases, 'sure'));
    });

  const entityParts: QueryCompiler['entityParts'] = (row) => [
    { node: entity(row, 'sure'), entry: null },
    ...row.ambiguous.map((entry, i) => {
      const base = outsidePhrases(row, list(`ambiguous ${i} @${row.id}`, entry.alias, 'sure'));
      const condition = (wanted: Query | null) => (wanted === null ? -1 : query(wanted.node, 'sure'));
      return { node: nodes.make(nodeKind.each, base, condition(entry.with), condition(entry.not)), entry };
    }),
  ];

  const side = (row: EntitySource, scope: Scope): number =>
    nodes.or([entity(row, scope), list(`stands_for @${row.id}`, row.standsFor, scope)]);

  const pair = (kind: number, left: number, right: number, ...args: number[]): number =>
    nodes.kindOf(left) === nodeKind.never || (nodes.kindOf(right) === nodeKind.never && kind !== nodeKind.outside)
      ? nodes.never()
      : nodes.kindOf(right) === nodeKind.never
        ? left
        : nodes.make(kind, left, right, ...args);
  const near = (left: number, right: number, words: number) => pair(nodeKind.near, left, right, halfWords(words));
  const onear = (left: number, right: number, words: number) => pair(nodeKind.onear, left, right, halfWords(words));
  const outside = (left: number, right: number) => pair(nodeKind.outside, left, right);
  const sentence = (node: number) =>
    nodes.kindOf(node) === nodeKind.never ? node : nodes.make(nodeKind.sentence, node);

  const negate = (node: number): number => nodes.make(nodeKind.not, node);
  const inLanguages = (tags: readonly string[]) =>
    nodes.or(tags.map((tag) => nodes.make(nodeKind.lang, strings.indexOf(tag))));

  /** See "BY" in docs/watchlist.md: marked doer, marked aim, else the language's order. */
  const by = (who: number, does: number, whom: number): number => {
    const doer = nodes.leaf(leaves.ofItems('doer marks', doerMarks.items));
    const aim = nodes.leaf(leaves.ofItems('aim marks', aimMarks.items));
    const doneBy = onear(doer, who, 3);
    const freeWho = outside(outside(who, doneBy), onear(aim, who, 2));
    const notDoer = outside(whom, onear(doer, whom, 3));
    const aimedAt = onear(aim, notDoer, 3);
    const marked = nodes.or([near(near(doneBy, does, 12), notDoer, 12), onear(onear(does, notDoer, 6), doneBy, 8)]);
    const aimed = nodes.or([
      onear(onear(freeWho, does, 8), aimedAt, 5),
      onear(onear(does, outside(who, onear(aim, who, 2)), 4), aimedAt, 6),
    ]);
    const ordered = (condition: number, node: number) => nodes.and([condition, node]);
    return nodes.or([
      sentence(marked),
      sentence(aimed),
      ordered(negate(inLanguages(verbLast)), sentence(onear(onear(freeWho, does, 6), notDoer, 5))),
      ordered(inLanguages(verbFirst), sentence(onear(onear(does, freeWho, 4), notDoer, 6))),
      ordered(inLanguages(verbLast), sentence(onear(onear(freeWho, notDoer, 8), does, 8))),
      ordered(inLanguages(aimBeforeVerb), sentence(onear(onear(freeWho, aimedAt, 6), does, 6))),
    ]);
  };

  const only = (node: number, field: Field): number =>
    nodes.kindOf(node) === nodeKind.never ? node : nodes.make(nodeKind.inField, node, fieldIndex[field]);

  /** AND, OR and NOT in a field, and those of a term there, speak of that field alone. */
  const inField = (node: QueryNode, scope: Scope, field: Field): number => {
    const of = (child: QueryNode) => inField(child, scope, field);
    switch (node.kind) {
      case 'or':
        return nodes.or(node.items.map(of));
      case 'and':
        return nodes.and(node.items.map(of));
      case 'not':
        return negate(of(node.item));
      case 'atleast':
        return nodes.make(nodeKind.atleast, of(node.item), node.count);
      case 'term': {
        const words = source.terms[node.id];
        if (words === undefined) return nodes.never();
        const items = only(list(`#${node.id} items`, { items: words.items, query: null }, scope), field);
        return words.query === null
          ? items
          : once(`#${node.id} ${field} ${scope}`, () => nodes.or([items, of(words.query!.node)]));
      }
      case 'lang':
      case 'source':
      case 'published':
      case 'running':
        return query(node, scope);
      default:
        return only(query(node, scope), field);
    }
  };

  const query = (node: QueryNode, scope: Scope): number => {
    const of = (child: QueryNode) => query(child, scope);
    switch (node.kind) {
      case 'words':
        return nodes.leaf(leaves.ofWords(node.text, node.caseSensitive));
      case 'entity': {
        const row = source.entities[node.id];
        if (row === undefined) return nodes.never();
        return node.side ? side(row, scope) : entity(row, scope);
      }
      case 'term': {
        const words = source.terms[node.id];
        return words === undefined ? nodes.never() : list(`#${node.id}`, words, scope);
      }
      case 'and':
        return nodes.and(node.items.map(of));
      case 'or':
        return nodes.or(node.items.map(of));
      case 'not':
        return negate(of(node.item));
      case 'near':
      case 'onear': {
        const edge = [node.left, node.right].find((part) => part.kind === 'start' || part.kind === 'end');
        if (edge !== undefined) {
          const inner = of(edge === node.left ? node.right : node.left);
          return nodes.make(edge.kind === 'start' ? nodeKind.start : nodeKind.end, inner, halfWords(node.distance));
        }
        return (node.kind === 'near' ? near : onear)(of(node.left), of(node.right), node.distance);
      }
      case 'same':
        return pair(nodeKind.same, of(node.left), of(node.right));
      case 'outside':
        return outside(of(node.left), of(node.right));
      case 'atleast':
        return nodes.make(nodeKind.atleast, of(node.item), node.count);
      case 'field':
        return inField(node.item, scope, node.field);
      case 'by':
        return by(of(node.who), of(node.does), of(node.whom));
      case 'lang':
        return nodes.make(nodeKind.lang, strings.indexOf(node.tag));
      case 'source':
        return nodes.make(nodeKind.source, strings.indexOf(foldedSource(node.value)), node.prefix ? 1 : 0);
      case 'published':
        return nodes.make(nodeKind.published, firstMinute(node.from), lastMinute(node.to));
      case 'running': {
        const usual = source.events[node.event]?.running;
        if (usual === undefined) return nodes.never();
        const outlets = node.outlets ?? usual.outlets;
        return nodes.make(
          nodeKind.running,
          strings.indexOf(node.event),
          outlets,
          node.withinHours ?? usual.withinHours,
        );
      }
      case 'self':
        return nodes.make(nodeKind.self);
      case 'start':
      case 'end':
        // The grammar lets them stand beside NEAR and ONEAR alone.
        return nodes.never();
      case 'dateline':
        return nodes.make(nodeKind.dateline);
    }
  };
  return { query, entity, entityParts, inField, negate };
}

/** `NEAR/1` is the next word: nothing between. A word is two half-words wide. */
function halfWords(words: number): number {
  return (words - 1) * 2;
}

function firstMinute(day: string | null): number {
  return day === null ? -0x80000000 : Date.parse(`${day}T00:00:00Z`) / 60_000;
}

function lastMinute(day: string | null): number {
  return day === null ? 0x7fffffff : Date.parse(`${day}T00:00:00Z`) / 60_000 + 1_439;
}
