import { termsOf } from '../../lib/core/storyline/terms.ts';
import { titleWords } from '../../lib/core/storyline/title-words.ts';
import type { LabelledStory } from './storylines-corpus.ts';

/** The plainest grouping: the same title, folded and without its publisher. */
export function byExactTitle(stories: readonly LabelledStory[]): readonly string[] {
  return stories.map(({ title, source }) => titleWords(title, source).join(' '));
}

/**
 * The usual baseline: each title joins the group with the nearest TF-IDF centroid by cosine, if that is near enough,
 * else opens one. The same words and stems as ours; rarity is counted over the titles so far.
 */
export function byTfIdf(stories: readonly LabelledStory[], joinFrom: number): readonly string[] {
  const groups: { readonly id: string; readonly sums: Map<string, number> }[] = [];
  const holding = new Map<string, Set<number>>();
  const documents = new Map<string, number>();
  return stories.map(({ id, title, source }, index) => {
    const terms = termsOf(titleWords(title, source));
    const rarity = (term: string) => Math.log((index + 2) / ((documents.get(term) ?? 0) + 1));
    const nearest = nearestGroup(terms, rarity, groups, holding);
    const at =
      nearest !== null && nearest.cosine >= joinFrom ? nearest.group : groups.push({ id, sums: new Map() }) - 1;
    const { sums, id: name } = groups[at]!;
    for (const term of terms) {
      documents.set(term, (documents.get(term) ?? 0) + 1);
      sums.set(term, (sums.get(term) ?? 0) + 1);
      const groupsOf = holding.get(term) ?? new Set();
      holding.set(term, groupsOf.add(at));
    }
    return name;
  });
}

function nearestGroup(
  terms: readonly string[],
  rarity: (term: string) => number,
  groups: readonly { readonly sums: ReadonlyMap<string, number> }[],
  holding: ReadonlyMap<string, ReadonlySet<number>>,
): { readonly group: number; readonly cosine: number } | null {
  const norm = Math.hypot(...terms.map(rarity));
  let best: { group: number; cosine: number } | null = null;
  for (const group of new Set(terms.flatMap((term) => [...(holding.get(term) ?? [])]))) {
    const { sums } = groups[group]!;
    let dot = 0;
    for (const term of terms) dot += rarity(term) ** 2 * (sums.get(term) ?? 0);
    let squares = 0;
    for (const [term, sum] of sums) squares += (sum * rarity(term)) ** 2;
    const cosine = dot / (norm * Math.sqrt(squares) || 1);
    if (best === null || cosine > best.cosine) best = { group, cosine };
  }
  return best;
}
