import { isMap, type Node, type YAMLMap } from 'yaml';
import { fieldsOf, scalarOf } from '../config/yaml-rows.ts';
import { queryOf, type Reader } from './read-values.ts';
import type { EventWeights } from './watchlist-source.ts';

// Log-odds of twenty are one in half a billion: what is beyond is a slip of the pen.
const heaviest = 20;

/** What `wirewatch train` writes of one event: needs, keeps, bias, rule, and the clauses with what each weighs. */
export function readWeights(reader: Reader, id: string, map: YAMLMap, key: Node): EventWeights | null {
  const owner = `weights of ${id}`;
  const fields = fieldsOf(reader.yaml, map, ['needs', 'keeps', 'bias', 'rule', 'clauses'], owner);
  const number = (name: string, least: number, most: number) => {
    const at = fields.get(name);
    return numberOf(reader, at?.value ?? null, at?.value ?? key, `${owner}: ${name}`, least, most);
  };
  const needs = number('needs', 0.01, 0.99);
  const keeps = number('keeps', 0.01, 0.99);
  const bias = number('bias', -heaviest, heaviest);
  const rule = number('rule', -heaviest, heaviest);
  const clauses = clausesOf(reader, fields.get('clauses')?.value ?? null, owner);
  if (needs === null || keeps === null || bias === null || rule === null) return null;
  return { needs, keeps, bias, rule, clauses };
}

function clausesOf(reader: Reader, node: Node | null, owner: string): EventWeights['clauses'] {
  if (!isMap(node)) {
    if (node !== null)
      reader.report('error', node, `clauses of ${owner} is not a mapping`, "write 'query': weight, one a line");
    return [];
  }
  return node.items.flatMap((pair) => {
    const at = pair.key as Node;
    const when = queryOf(reader, at, owner, 'condition', {});
    const value = reader.yaml.follow(pair.value);
    const weight = numberOf(reader, value, value ?? at, `${owner}: a weight`, -heaviest, heaviest);
    return when === null || weight === null ? [] : [{ when, weight }];
  });
}

function numberOf(reader: Reader, node: Node | null, at: Node, what: string, least: number, most: number) {
  const value = node === null ? undefined : scalarOf(node);
  if (typeof value === 'number' && value >= least && value <= most) return value;
  const found = value === undefined ? 'missing' : JSON.stringify(value);
  reader.report('error', at, `${what} is ${found}`, `write a number from ${least} to ${most}, or run wirewatch train`);
  return null;
}
