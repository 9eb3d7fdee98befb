import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import type { Problem } from '../problem.ts';
import { nearest } from './nearest.ts';

/** A YAML file being read: its nodes, and the problems found so far, each with its place. */
export type YamlFile = {
  readonly root: Node | null;
  readonly problems: readonly Problem[];
  /** Reports an error at a node; at the start of the file where there is none. */
  error(at: Node | null, message: string, remedy: string): void;
  warn(at: Node | null, message: string, remedy: string): void;
  /** Whether the YAML itself is broken somewhere inside this node, so that its values cannot be trusted. */
  isBroken(node: Node): boolean;
  /** The node itself, or what an alias (`*name`) stands for. */
  follow(node: unknown): Node | null;
};

/** Reads YAML and keeps going after syntax errors: what is whole can still be used. */
export function openYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const problems: Problem[] = [];
  const broken: number[] = [];
  const report = (severity: Problem['severity'], offset: number | null, message: string, remedy: string) => {
    const place = offset === null ? { line: 0, col: 0 } : lines.linePos(offset);
    problems.push({ severity, file, line: place.line, column: place.col, message, remedy });
  };
  for (const fault of document.errors) {
    broken.push(fault.pos[0]);
    report('error', fault.pos[0], `not valid YAML: ${fault.message}`, yamlRemedies[fault.code] ?? '');
  }
  return {
    root: document.contents,
    problems,
    error: (at, message, remedy) => report('error', at?.range?.[0] ?? null, message, remedy),
    warn: (at, message, remedy) => report('warning', at?.range?.[0] ?? null, message, remedy),
    isBroken: (node) => broken.some((offset) => offset >= (node.range?.[0] ?? 0) && offset <= (node.range?.[2] ?? -1)),
    follow: (node) => {
      const followed = isAlias(node) ? (node.resolve(document) ?? null) : node;
      return isMap(followed) || isSeq(followed) || isScalar(followed) ? followed : null;
    },
  };
}

const yamlRemedies: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'keep one of the two',
  TAB_AS_INDENT: 'indent with spaces',
  BAD_INDENT: 'indent the rows of one list alike',
  MISSING_CHAR: 'close the quote or bracket',
  BLOCK_AS_IMPLICIT_KEY: 'put the value in quotes, or on one line',
  MULTILINE_IMPLICIT_KEY: 'put the value in quotes, or on one line',
};

/** The entries of a mapping by key; keys that are not known are reported with the one they most likely meant. */
export function fieldsOf(
  file: YamlFile,
  map: YAMLMap,
  known: readonly string[],
  owner: string,
): ReadonlyMap<string, { readonly key: Node; readonly value: Node | null }> {
  const fields = new Map<string, { readonly key: Node; readonly value: Node | null }>();
  for (const pair of map.items) {
    if (!isScalar(pair.key)) continue;
    const name = String(pair.key.value);
    if (!known.includes(name)) {
      const near = nearest(name, known);
      file.error(
        pair.key,
        `unknown key "${name}" in ${owner}`,
        near === null ? `the keys are ${known.join(', ')}` : `did you mean "${near}"?`,
      );
      continue;
    }
    fields.set(name, { key: pair.key, value: file.follow(pair.value) });
  }
  return fields;
}

/** What a scalar says, or undefined for lists, mappings and nothing. */
export function scalarOf(node: Node | null): string | number | boolean | undefined {
  if (!isScalar(node)) return undefined;
  const value: unknown = node.value;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}
