import { hangsOnRunning, hangsOnSelf, kindMask, nodeKind } from './compiled.ts';

/** Makes nodes of compiled queries, each once: a part that many rules share is evaluated once a story. */
export type NodeBuilder = {
  never(): number;
  leaf(leaf: number): number;
  or(nodes: readonly number[]): number;
  and(nodes: readonly number[]): number;
  make(kind: number, ...args: readonly number[]): number;
  kindOf(node: number): number;
  argsOf(node: number): readonly number[];
  childrenOf(node: number): readonly number[];
  build(): { readonly code: Int32Array; readonly nodeAt: Int32Array };
};

const childArgs: Readonly<Record<number, readonly number[]>> = {
  [nodeKind.not]: [0],
  [nodeKind.near]: [0, 1],
  [nodeKind.onear]: [0, 1],
  [nodeKind.same]: [0, 1],
  [nodeKind.outside]: [0, 1],
  [nodeKind.atleast]: [0],
  [nodeKind.inField]: [0],
  [nodeKind.each]: [0, 1, 2],
  [nodeKind.sentence]: [0],
  [nodeKind.start]: [0],
  [nodeKind.end]: [0],
};

export function nodeBuilder(): NodeBuilder {
  const code: number[] = [];
  const nodeAt: number[] = [];
  const known = new Map<string, number>();
  const kindOf = (node: number) => code[nodeAt[node]!]! & kindMask;
  const argsOf = (node: number) => code.slice(nodeAt[node]! + 1, nodeAt[node + 1] ?? code.length);
  const childrenOf = (node: number): readonly number[] => {
    const kind = kindOf(node);
    const args = argsOf(node);
    if (kind === nodeKind.or || kind === nodeKind.and) return args.slice(1);
    return (childArgs[kind] ?? []).map((i) => args[i]!).filter((child) => child >= 0);
  };
  const make = (kind: number, ...args: readonly number[]): number => {
    const key = `${kind},${args.join()}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const node = nodeAt.length;
    nodeAt.push(code.length);
    code.push(kind);
    for (const arg of args) code.push(arg);
    // An ambiguous alias binds SELF itself, so what is above it no longer hangs on it.
    const children = childrenOf(node);
    const below = (flag: number) => children.some((child) => (code[nodeAt[child]!]! & flag) !== 0);
    const onSelf = kind === nodeKind.self || (kind !== nodeKind.each && below(hangsOnSelf));
    const onRunning = kind === nodeKind.running || below(hangsOnRunning);
    code[nodeAt[node]!] = kind | (onSelf ? hangsOnSelf : 0) | (onRunning ? hangsOnRunning : 0);
    known.set(key, node);
    return node;
  };
  const never = () => make(nodeKind.never);
  return {
    never,
    leaf: (leaf) => make(nodeKind.leaf, leaf),
    or(nodes) {
      const flat = [
        ...new Set(nodes.flatMap((node) => (kindOf(node) === nodeKind.or ? childrenOf(node) : [node]))),
      ].filter((node) => kindOf(node) !== nodeKind.never);
      return flat.length === 0 ? never() : flat.length === 1 ? flat[0]! : make(nodeKind.or, flat.length, ...flat);
    },
    and(nodes) {
      const flat = [...new Set(nodes.flatMap((node) => (kindOf(node) === nodeKind.and ? childrenOf(node) : [node])))];
      if (flat.some((node) => kindOf(node) === nodeKind.never)) return never();
      return flat.length === 1 ? flat[0]! : make(nodeKind.and, flat.length, ...flat);
    },
    make,
    kindOf,
    argsOf,
    childrenOf,
    build: () => ({ code: Int32Array.from(code), nodeAt: Int32Array.from(nodeAt) }),
  };
}
