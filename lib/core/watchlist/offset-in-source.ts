import { isScalar, type Node } from 'yaml';

/**
 * Where a unit of a scalar's value stands in the YAML text. Folding and quoting change white space and escapes only, so
 * the characters that are neither are counted off on both sides.
 */
export function offsetInSource(source: string, node: Node, offset: number): number {
  const from = node.range?.[0] ?? 0;
  if (!isScalar(node) || typeof node.value !== 'string') return from;
  const isBlock = node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL';
  // The header of a block scalar (`>-`) ends its line.
  let at = isBlock ? source.indexOf('\n', from) + 1 : from;
  if (node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE') at++;
  const skipSpace = () => {
    while (/\s/.test(source[at] ?? '')) at++;
  };
  for (let i = 0; i < offset; i++) {
    if (/\s/.test(node.value[i] ?? '')) continue;
    skipSpace();
    if (node.type === 'QUOTE_SINGLE' && source.startsWith("''", at)) at++;
    if (node.type === 'QUOTE_DOUBLE' && source[at] === '\\') at++;
    at++;
  }
  skipSpace();
  return at;
}
