import { type CompiledArrays, nodeKind } from './compiled.ts';
import type { NodeBuilder } from './node-builder.ts';

export type Anchors = Pick<CompiledArrays, 'anchorStart' | 'anchorRule' | 'anchorGuard' | 'unanchored'>;

/** Leaves of which one occurs wherever the node is true, and how likely that is; null where there are no such leaves. */
export type Anchor = { readonly leaves: readonly number[]; readonly likelihood: number };

/** Finds, for a node, the cheapest set of leaves to wait for: of AND-ed parts the rarest will do. */
export function anchorFinder(
  nodes: NodeBuilder,
  likelihood: (leaf: number) => number,
): (node: number) => Anchor | null {
  const memo = new Map<number, Anchor | null>();
  const find = (node: number): Anchor | null => {
    const found = memo.get(node);
    if (found !== undefined) return found;
    const anchor = compute(node);
    memo.set(node, anchor);
    return anchor;
  };
  const rarest = (parts: readonly number[]): Anchor | null => {
    let best: Anchor | null = null;
    for (const part of parts) {
      const anchor = find(part);
      if (anchor !== null && (best === null || anchor.likelihood < best.likelihood)) best = anchor;
    }
    return best;
  };
  const compute = (node: number): Anchor | null => {
    const children = nodes.childrenOf(node);
    switch (nodes.kindOf(node)) {
      case nodeKind.never:
        return { leaves: [], likelihood: 0 };
      case nodeKind.leaf: {
        const leaf = nodes.argsOf(node)[0]!;
        return { leaves: [leaf], likelihood: likelihood(leaf) };
      }
      case nodeKind.or: {
        const leaves = new Set<number>();
        let sum = 0;
        for (const child of children) {
          const anchor = find(child);
          if (anchor === null) return null;
          sum += anchor.likelihood;
          for (const leaf of anchor.leaves) leaves.add(leaf);
        }
        return { leaves: [...leaves], likelihood: sum };
      }
      case nodeKind.and:
      case nodeKind.near:
      case nodeKind.onear:
      case nodeKind.same:
        return rarest(children);
      case nodeKind.each:
        return rarest([nodes.argsOf(node)[0]!]);
      case nodeKind.outside:
      case nodeKind.atleast:
      case nodeKind.inField:
      case nodeKind.sentence:
      case nodeKind.start:
      case nodeKind.end:
        return find(children[0]!);
      default:
        return null;
    }
  };
  return find;
}

/** A single leaf besides the anchor that must occur too: looked up before the rule is touched. -1 where there is none. */
export function guardOf(
  nodes: NodeBuilder,
  node: number,
  anchor: Anchor,
  likelihood: (leaf: number) => number,
): number {
  const parts = nodes.kindOf(node) === nodeKind.and ? nodes.childrenOf(node) : [node];
  let best = -1;
  const consider = (part: number): void => {
    const kind = nodes.kindOf(part);
    if (kind === nodeKind.leaf) {
      const leaf = nodes.argsOf(part)[0]!;
      if (!anchor.leaves.includes(leaf) && (best === -1 || likelihood(leaf) < likelihood(best))) best = leaf;
    } else if (kind === nodeKind.near || kind === nodeKind.onear || kind === nodeKind.same) {
      for (const child of nodes.childrenOf(part)) consider(child);
    } else if (
      kind === nodeKind.outside ||
      kind === nodeKind.inField ||
      kind === nodeKind.sentence ||
      kind === nodeKind.atleast
    ) {
      consider(nodes.childrenOf(part)[0]!);
    }
  };
  for (const part of parts) consider(part);
  return best;
}

export function layOutAnchors(
  rules: readonly { readonly anchor: Anchor | null; readonly guard: number }[],
  leafCount: number,
): Anchors {
  const byLeaf: number[][] = Array.from({ length: leafCount }, () => []);
  const unanchored: number[] = [];
  for (const [rule, { anchor }] of rules.entries()) {
    if (anchor === null) unanchored.push(rule);
    else for (const leaf of anchor.leaves) byLeaf[leaf]!.push(rule);
  }
  const anchorStart = new Int32Array(leafCount + 1);
  for (const [leaf, row] of byLeaf.entries()) anchorStart[leaf + 1] = anchorStart[leaf]! + row.length;
  const anchorRule = Int32Array.from(byLeaf.flat());
  const anchorGuard = anchorRule.map((rule) => rules[rule]!.guard);
  return { anchorStart, anchorRule, anchorGuard, unanchored: Int32Array.from(unanchored) };
}
