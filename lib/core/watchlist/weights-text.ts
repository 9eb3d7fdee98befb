import type { WatchlistSource } from './watchlist-source.ts';

const head = `# What the clauses of each event weigh, learnt from labelled stories and written by "wirewatch train"; docs/watchlist.md, "Weights".
weights:`;
const block = /(?:^#[^\n]*\n)*^weights:[^\n]*\n?(?:(?:[ \t#][^\n]*)?(?:\n|$))*/m;

/** The watchlist's text with these weights in place of those that stand there; everything else stays as it is. */
export function withWeights(text: string, weights: WatchlistSource['weights']): string {
  const written = [head, ...Object.entries(weights).flatMap(([id, row]) => eventLines(id, row)), ''].join('\n');
  const rest = text.replace(block, '').trimEnd();
  return `${rest}\n\n${written}`;
}

function eventLines(
  id: string,
  { needs, keeps, bias, rule, clauses }: WatchlistSource['weights'][string],
): readonly string[] {
  return [
    `  ${id}:`,
    ...[`needs: ${needs}`, `keeps: ${keeps}`, `bias: ${bias}`, `rule: ${rule}`].map((line) => `    ${line}`),
    ...(clauses.length === 0 ? [] : ['    clauses:']),
    ...clauses.map(({ when, weight }) => `      '${when.text.replaceAll("'", "''")}': ${weight}`),
  ];
}
