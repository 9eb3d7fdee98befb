import type { Problem } from '../problem.ts';
import { childrenOf, parseQuery } from './query.ts';
import type { QueryNode } from './query-node.ts';
import { reachable } from './reachable.ts';
import { readWatchlist } from './watchlist-file.ts';
import type { EventSource, WatchlistSource } from './watchlist-source.ts';

/** The event under which a rule is tried. */
export const triedId = 'tried-rule';

export type TriedRule =
  | { readonly kind: 'rule'; readonly watchlist: WatchlistSource }
  /** What is wrong, where in the text that was given, and what to write. */
  | { readonly kind: 'fault'; readonly sentence: string };

const indent = '    ';

// Each level may multiply the places that the one below it has: eight of them took minutes over one story made for it.
// The shipped rules go four deep. What is tried comes from whoever may look; what is applied, from whoever may change.
const deepestProximity = 5;
const proximity: readonly QueryNode['kind'][] = ['near', 'onear', 'same', 'outside', 'by'];

/**
 * Reads a query, or one event's mapping as it would stand in watchlist.yaml, against the entities and terms of a
 * watchlist. The watchlist returned has this event alone, and what it names.
 */
export function readTriedRule(
  given: { readonly query: string } | { readonly rule: string },
  base: WatchlistSource,
): TriedRule {
  const misread = 'query' in given ? faultOf(given.query) : null;
  if (misread !== null) return { kind: 'fault', sentence: misread };
  const { text, firstLine, margin } = 'query' in given ? ofQuery(given.query) : ofRule(given.rule);
  const { watchlist, problems } = readWatchlist(text, 'the rule', { base });
  const errors = problems.filter(({ severity }) => severity === 'error');
  // What is wrong in the text itself says more than what is therefore missing.
  const problem = errors.find(({ line }) => line > firstLine) ?? errors[0];
  if (problem !== undefined) return { kind: 'fault', sentence: sentenceOf(problem, firstLine, margin) };
  const tried = watchlist?.events[triedId];
  if (watchlist === null || tried === undefined) {
    return { kind: 'fault', sentence: 'there is no rule in it; write "when:" and a query' };
  }
  if (Math.max(...queriesOf(tried).map(({ node }) => proximityDepth(node))) > deepestProximity) {
    const sentence = `more than ${deepestProximity} levels of NEAR, SAME, OUTSIDE and BY inside each other; take some out`;
    return { kind: 'fault', sentence };
  }
  return { kind: 'rule', watchlist: reachable(watchlist, tried) };
}

/** What the parser says, placed in the query itself: where a query ends too early, YAML knows no place for it. */
function faultOf(query: string): string | null {
  const text = linesOf(query).join('\n');
  const parsed = parseQuery(text);
  if (parsed.kind === 'query') return null;
  const { message, remedy, offset } = parsed.fault;
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${message}; ${remedy}`;
}

function linesOf(query: string): readonly string[] {
  return query
    .trim()
    .split(/\r?\n/)
    .map((line) => line.trim());
}

function queriesOf({ when, whileRunning, unless, party, escalators, implies }: EventSource) {
  const conditions = [...escalators.map((each) => each.when), ...implies.map((each) => each.if)];
  return [when, whileRunning, unless, party, ...conditions].filter((query) => query !== null);
}

function proximityDepth(node: QueryNode): number {
  return Math.max(0, ...childrenOf(node).map(proximityDepth)) + (proximity.includes(node.kind) ? 1 : 0);
}

type Written = { readonly text: string; readonly firstLine: number; readonly margin: number };

function ofQuery(query: string): Written {
  const lines = linesOf(query);
  const head = ['events:', `  ${triedId}:`, `${indent}name: The rule that is tried`, `${indent}when: |-`];
  const margin = indent.length + 2;
  return {
    // A block takes any text as it is: no quote or hash of the query means anything to YAML.
    text: [...head, ...lines.map((line) => `${' '.repeat(margin)}${line}`), ''].join('\n'),
    firstLine: head.length,
    margin,
  };
}

function ofRule(rule: string): Written {
  const lines = rule.replaceAll('\t', '  ').split(/\r?\n/);
  const named = lines.some((line) => /^name\s*:/.test(line));
  const head = ['events:', `  ${triedId}:`, ...(named ? [] : [`${indent}name: The rule that is tried`])];
  return {
    text: [...head, ...lines.map((line) => `${indent}${line}`), ''].join('\n'),
    firstLine: head.length,
    margin: indent.length,
  };
}

function sentenceOf({ line, column, message, remedy }: Problem, firstLine: number, margin: number): string {
  const at = line > firstLine ? `line ${line - firstLine}, column ${Math.max(1, column - margin)}: ` : '';
  const words = message.replaceAll(` of event ${triedId}`, '').replaceAll(`event ${triedId}`, 'the rule');
  return `${at}${words}${remedy === '' ? '' : `; ${remedy}`}`;
}
