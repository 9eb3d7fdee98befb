export type Score = { readonly precision: number; readonly recall: number; readonly f1: number };

/** B-cubed (Bagga and Baldwin 1998): for each story, how much of its group and of its storyline is shared; the mean. */
export function bCubed(known: readonly string[], found: readonly string[]): Score {
  const knownSizes = sizes(known);
  const foundSizes = sizes(found);
  const both = sizes(known.map((name, i) => `${name}\n${found[i]}`));
  let precision = 0;
  let recall = 0;
  known.forEach((name, i) => {
    const shared = both.get(`${name}\n${found[i]}`)!;
    precision += shared / foundSizes.get(found[i]!)!;
    recall += shared / knownSizes.get(name)!;
  });
  return scoreOf(precision / known.length, recall / known.length);
}

export function scoreOf(precision: number, recall: number): Score {
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

function sizes(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
