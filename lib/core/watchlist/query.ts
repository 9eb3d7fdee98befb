import type { Query, QueryNode } from './query-node.ts';
import { parse, SyntaxError as QuerySyntaxError } from './query-parser.js';

/** What is wrong with a query, and where: `offset` counts UTF-16 units from its beginning. */
export type QueryFault = { readonly message: string; readonly remedy: string; readonly offset: number };

export type ParsedQuery =
  | { readonly kind: 'query'; readonly query: Query }
  | { readonly kind: 'fault'; readonly fault: QueryFault };

// The parser goes one call deeper with each of these; an honest query needs a handful.
const deepestNesting = 100;
const longestQuery = 500_000;

/** Reads a query. `negative` allows NOT alone, for conditions that are joined to something positive anyway. */
export function parseQuery(text: string, options: { readonly negative?: boolean } = {}): ParsedQuery {
  const fault = (message: string, remedy: string, offset = 0): ParsedQuery => ({
    kind: 'fault',
    fault: { message, remedy, offset },
  });
  if (text.trim() === '') return fault('the query is empty', 'write a query, or leave the line out');
  if (text.length > longestQuery)
    return fault('the query is longer than 500,000 characters', 'put its words into terms');
  const tooDeep = firstTooDeep(text);
  if (tooDeep !== null)
    return fault(`more than ${deepestNesting} levels of nesting`, 'name the inner parts as terms', tooDeep);
  try {
    const node = parse(text);
    if (options.negative !== true && !isPositive(node)) {
      return fault('a rule of NOT alone would match nearly every story', 'say what has to be there, as in a AND NOT b');
    }
    return { kind: 'query', query: { text, node } };
  } catch (error) {
    if (!(error instanceof QuerySyntaxError)) throw error;
    const [message = '', remedy] = error.message.split('\u0000');
    const offset = error.location.start.offset;
    return remedy === undefined
      ? fault(unexpected(text, offset, error.expected), expectedWords(error.expected), offset)
      : fault(message, remedy, offset);
  }
}

function firstTooDeep(text: string): number | null {
  let depth = 0;
  let inQuotes = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text[i];
    if (unit === '"') inQuotes = !inQuotes;
    if (inQuotes) continue;
    if (unit === '(' && ++depth > deepestNesting) return i;
    if (unit === ')') depth--;
  }
  const run = /(?:(?:NOT|ATLEAST\/\d+|title:|summary:|content:)\s*){100}/.exec(text);
  return run === null ? null : run.index;
}

function unexpected(text: string, offset: number, expected: unknown): string {
  const operator = /(?:AND|OR|SAME|OUTSIDE|NOT|O?NEAR\/\d+)\s*$/.exec(text.slice(0, offset));
  if (offset >= text.trimEnd().length) {
    if (operator !== null) return `${operator[0].trim()} has nothing after it`;
    return isAfterOperand(expected) ? 'a parenthesis is not closed' : 'the query ends too early';
  }
  const before = /^(?:AND|OR|SAME|OUTSIDE|O?NEAR\/\d+)(?=\s*(?:\)|$))/.exec(text.slice(offset, offset + 200));
  if (before !== null) return `${before[0]} has nothing after it`;
  if (text[offset] === ')') return 'a parenthesis closes that was never opened';
  return `${JSON.stringify(text.slice(offset, offset + 20).split(/\s/)[0] || text[offset])} is not expected here`;
}

function expectedWords(expected: unknown): string {
  return isAfterOperand(expected)
    ? 'expected AND, OR, NEAR/5, ONEAR/5, SAME, OUTSIDE, ) or the end'
    : 'expected a word, "a phrase", @entity, #term, a field such as title:, NOT or (';
}

/** The parser had read something whole, so that an operator could follow. */
function isAfterOperand(expected: unknown): boolean {
  return Array.isArray(expected) && expected.some((item) => item.type === 'other' && item.description === 'OR');
}

/** True where the query can only be true of a story that has something it names. */
export function isPositive(node: QueryNode): boolean {
  switch (node.kind) {
    case 'and':
      return node.items.some(isPositive);
    case 'or':
      return node.items.every(isPositive);
    case 'not':
      return false;
    case 'field':
    case 'atleast':
      return isPositive(node.item);
    case 'near':
    case 'onear':
    case 'same':
      return isPositive(node.left) || isPositive(node.right);
    case 'outside':
      return isPositive(node.left);
    case 'start':
    case 'end':
      return false;
    default:
      return true;
  }
}

/** Every node of a query, itself first. */
export function* nodesOf(node: QueryNode): Generator<QueryNode> {
  yield node;
  for (const child of childrenOf(node)) yield* nodesOf(child);
}

export function childrenOf(node: QueryNode): readonly QueryNode[] {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.items;
    case 'not':
    case 'atleast':
    case 'field':
      return [node.item];
    case 'near':
    case 'onear':
    case 'same':
    case 'outside':
      return [node.left, node.right];
    case 'by':
      return [node.who, node.does, node.whom];
    default:
      return [];
  }
}

/** Whether a query asks for any word at all, and not for dates, languages or sources alone. */
export function hasWords(node: QueryNode): boolean {
  return [...nodesOf(node)].some(({ kind }) => kind === 'words' || kind === 'entity' || kind === 'term');
}
