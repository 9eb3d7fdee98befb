import { anchorFinder, guardOf, layOutAnchors } from './anchors.ts';
import { type CompiledWatchlist, type EventExtras, nodeKind, ruleKind, type Target } from './compiled.ts';
import { foldedSource } from './folded-source.ts';
import { leafTable } from './leaf-table.ts';
import { nodeBuilder } from './node-builder.ts';
import { hasWords } from './query.ts';
import { queryCompiler } from './query-compiler.ts';
import type { Query, QueryNode } from './query-node.ts';
import type { AmbiguousSource, EventSource, WatchlistSource } from './watchlist-source.ts';

type Part = { readonly node: number; readonly text: string };
/** `parts` are what OR joins at its top, each told by itself where it holds. */
type Clause = Part & { readonly parts: readonly Part[] };
type Rule = {
  readonly node: number;
  readonly target: number;
  readonly kind: number;
  readonly clauses: readonly Clause[];
};

/** What a rule costs: how likely a story makes us look at it, by a rough guess; null where every story does. */
export type RuleCost = {
  readonly target: string;
  readonly kind: number;
  readonly likelihood: number | null;
  readonly never: boolean;
};

/** Compiles a watchlist: every list and word interned as a leaf, every rule anchored at its rarest part. Pure. */
export function compileWatchlist(source: WatchlistSource): CompiledWatchlist {
  return compileWithCosts(source).compiled;
}

/** The compiled watchlist, and what its rules cost, for those who check it. */
export function compileWithCosts(source: WatchlistSource): {
  readonly compiled: CompiledWatchlist;
  readonly costs: readonly RuleCost[];
} {
  const nodes = nodeBuilder();
  const leaves = leafTable();
  const strings = stringTable();
  const compiler = queryCompiler(source, nodes, leaves, strings);
  const entities = Object.values(source.entities);
  const events = Object.values(source.events);
  const targets: Target[] = [
    ...entities.map(({ id, name, priority }) => ({ id, name, kind: 'entity' as const, priority })),
    ...events.map(({ id, name, priority }) => ({ id, name, kind: 'event' as const, priority })),
  ];
  const rules: Rule[] = [];
  const extras: EventExtras[] = [];

  for (const [target, entity] of entities.entries()) {
    const node = compiler.entity(entity, 'full');
    const clauses = compiler
      .entityParts(entity)
      .map((part) => ({ node: part.node, text: part.entry === null ? 'alias' : ambiguousText(part.entry), parts: [] }));
    rules.push({ node, target, kind: ruleKind.entity, clauses });
  }

  const eventTarget = new Map(events.map(({ id }, i) => [id, entities.length + i]));
  const condition = (query: Query | null) => (query === null ? -1 : compiler.query(query.node, 'full'));
  const partOf = (query: Query, node: QueryNode): Part => ({
    node: compiler.query(node, 'full'),
    text: query.text.slice(node.start, node.end).replace(/\s+/g, ' '),
  });
  const clausesOf = (query: Query): Clause[] =>
    clauseNodes(query.node).map((node) => ({
      ...partOf(query, node),
      parts: node.kind === 'or' ? node.items.map((item) => partOf(query, item)) : [],
    }));
  /** NOT (unless AND NOT title:(party)), or -1. */
  const exclusion = (event: EventSource): number => {
    if (event.unless === null) return -1;
    const unless = condition(event.unless);
    if (event.party === null) return compiler.negate(unless);
    return compiler.negate(nodes.and([unless, compiler.negate(compiler.inField(event.party.node, 'full', 'title'))]));
  };
  for (const event of events) {
    const target = eventTarget.get(event.id)!;
    const excluded = exclusion(event);
    const clausesAnd = (query: Query): Clause[] =>
      excluded === -1
        ? clausesOf(query)
        : [...clausesOf(query), { node: excluded, text: `NOT unless: ${event.unless!.text}`, parts: [] }];
    const ruleOf = (query: Query, kind: number): Rule => {
      const node = compiler.query(query.node, 'full');
      return { node: excluded === -1 ? node : nodes.and([node, excluded]), target, kind, clauses: clausesAnd(query) };
    };
    rules.push(ruleOf(event.when, ruleKind.event));
    if (event.whileRunning !== null) rules.push(ruleOf(event.whileRunning, ruleKind.whileRunning));
    const implies = event.implies.flatMap((entry) => {
      const implied = eventTarget.get(entry.event);
      return implied === undefined ? [] : [{ target: implied, node: condition(entry.if) }];
    });
    const escalators = event.escalators.map((entry) => ({ to: entry.to, node: condition(entry.when) }));
    const running = event.whileRunning === null ? null : { rule: rules.length - 1, ...event.running };
    if (running !== null || implies.length > 0 || escalators.length > 0)
      extras.push({ target, running, implies, escalators });
  }

  const weighed = Object.entries(source.weights).flatMap(([id, { clauses, ...numbers }]) => {
    const target = eventTarget.get(id);
    const compiled = clauses.map(({ when, weight }) => ({
      node: condition(when),
      weight,
      text: when.text,
      speaks: weight > 0 && hasWords(when.node),
    }));
    return target === undefined ? [] : [{ target, ...numbers, clauses: compiled }];
  });

  const find = anchorFinder(nodes, leaves.likelihood);
  const anchored = rules.map(({ node }) => {
    const anchor = find(node);
    return { anchor, guard: anchor === null ? -1 : guardOf(nodes, node, anchor, leaves.likelihood) };
  });
  const clauseTexts = stringTable();
  const clauses = rules.flatMap((rule) => rule.clauses);
  const ruleClauseStart = new Int32Array(rules.length + 1);
  for (const [i, rule] of rules.entries()) ruleClauseStart[i + 1] = ruleClauseStart[i]! + rule.clauses.length;
  const parts = clauses.flatMap((clause) => clause.parts);
  const partStart = new Int32Array(clauses.length + 1);
  for (const [i, clause] of clauses.entries()) partStart[i + 1] = partStart[i]! + clause.parts.length;
  const costs = rules.map((rule, i) => ({
    target: targets[rule.target]!.id,
    kind: rule.kind,
    likelihood: anchored[i]!.anchor?.likelihood ?? null,
    never: nodes.kindOf(rule.node) === nodeKind.never,
  }));
  const compiled: CompiledWatchlist = {
    targets,
    extras,
    weighed,
    languages: leaves.languages,
    publishers: source.publishers.map(foldedSource),
    strings: strings.all,
    arrays: {
      ...leaves.build(),
      ...nodes.build(),
      ruleNode: Int32Array.from(rules, (rule) => rule.node),
      ruleTarget: Int32Array.from(rules, (rule) => rule.target),
      ruleKind: Uint8Array.from(rules, (rule) => rule.kind),
      ruleClauseStart,
      clauseNode: Int32Array.from(clauses, (clause) => clause.node),
      clauseText: Int32Array.from(clauses, (clause) => clauseTexts.indexOf(clause.text)),
      partStart,
      partNode: Int32Array.from(parts, (part) => part.node),
      partText: Int32Array.from(parts, (part) => clauseTexts.indexOf(part.text)),
      ...layOutAnchors(anchored, leaves.count()),
    },
    clauseTexts: clauseTexts.all,
  };
  return { compiled, costs };
}

function ambiguousText(entry: AmbiguousSource): string {
  const words = entry.alias.items
    .map((item) => item.text)
    .slice(0, 3)
    .join(', ');
  return [
    `${words}`,
    entry.with === null ? '' : `with ${entry.with.text}`,
    entry.not === null ? '' : `not ${entry.not.text}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** The parts of a query that its evidence and its near misses are told by: what AND joins at the top. */
function clauseNodes(node: QueryNode): readonly QueryNode[] {
  if (node.kind === 'and') return node.items.flatMap(clauseNodes);
  return [node];
}

function stringTable(): { readonly all: string[]; indexOf(text: string): number } {
  const all: string[] = [];
  const known = new Map<string, number>();
  return {
    all,
    indexOf(text) {
      const found = known.get(text) ?? all.length;
      if (found === all.length) {
        known.set(text, found);
        all.push(text);
      }
      return found;
    },
  };
}
