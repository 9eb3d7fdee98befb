import type { OpenStoryline } from './open-storyline.ts';
import type { Reading } from './reading.ts';
import { likenessAsked } from './same-development.ts';
import type { StorylineSettings } from './settings.ts';
import type { Shelf, Shelved } from './shelf.ts';

// docs/storylines.md says where these come from.
const shareOfWords = 0.7;
const shareOfTexts = 0.3;
const shareOfEvidence = 0.3;
const fullEvidence = 3.4;
const latestTexts = 6;
const closestTexts = 2;
const littleBeside = 0.4;
const mostOthers = 2;

const hourMs = 3_600_000;

export type Found = {
  readonly shelved: Shelved;
  readonly likeness: number;
  readonly shared: readonly string[];
  /** The next few that it is like enough to join. */
  readonly others: readonly Shelved[];
};

/** The open storyline that a story is most like by its words, if it is like it enough; the older one of two alike. */
export function mostLike(shelf: Shelf, reading: Reading, settings: StorylineSettings): Found | null {
  const weights = new Map<string, number>();
  let sum = 0;
  for (const term of reading.terms) {
    const weight = shelf.weightOf(term);
    weights.set(term, weight);
    sum += weight * weight;
  }
  const norm = Math.sqrt(sum);
  if (norm === 0) return null;
  const enough = fullEvidence * shelf.rarest();
  let best: Shelved | null = null;
  let bestLikeness = 0;
  const like: { readonly entry: Shelved; readonly likeness: number }[] = [];
  for (const entry of holders(shelf, weights)) {
    const { storyline } = entry;
    const words = entry.dot / (norm * (storyline.norm || 1));
    const evidence = Math.min(1, entry.mass / enough);
    const sure = shareOfWords * words + shareOfEvidence * evidence;
    // No text can be nearer than one that holds all the shared words and no other.
    const most = sure + (shareOfTexts * Math.sqrt(entry.squares)) / norm;
    if (most < settings.joinFrom) continue;
    const fading = fadingOf(entry, reading.timeMs, settings);
    if (most * fading < settings.joinFrom) continue;
    const likeness = (sure + shareOfTexts * nearness(entry, weights, norm)) * fading;
    if (likeness < settings.joinFrom || likeness < likenessAsked(reading.story, storyline, settings)) continue;
    like.push({ entry, likeness });
    if (likeness > bestLikeness || (likeness === bestLikeness && best !== null && isOlder(entry, best))) {
      best = entry;
      bestLikeness = likeness;
    }
  }
  if (best === null) return null;
  const { counts } = best;
  const shared = reading.terms.filter((term) => counts.has(term));
  return { shelved: best, likeness: bestLikeness, shared, others: nextBest(like) };
}

function nextBest(like: readonly { readonly entry: Shelved; readonly likeness: number }[]): readonly Shelved[] {
  if (like.length < 2) return [];
  const sorted = like.toSorted((a, b) => b.likeness - a.likeness || (isOlder(a.entry, b.entry) ? -1 : 1));
  return sorted.slice(1, 1 + mostOthers).map(({ entry }) => entry);
}

/**
 * Every storyline that shares a word that says something, with the sums over all the words it shares. Words that say
 * little beside the story's best one call up no storyline: half of all share them.
 */
function holders(shelf: Shelf, weights: ReadonlyMap<string, number>): readonly Shelved[] {
  const search = shelf.nextSearch();
  const found: Shelved[] = [];
  const little = littleBeside * Math.max(...weights.values());
  for (const [term, weight] of weights) {
    if (weight <= little) continue;
    for (const entry of shelf.holding(term)) {
      if (entry.search !== search) {
        entry.search = search;
        entry.dot = 0;
        entry.mass = 0;
        entry.squares = 0;
        found.push(entry);
      }
      noteShared(entry, entry.counts.get(term)!, weight);
    }
  }
  for (const [term, weight] of weights) {
    if (weight === 0 || weight > little) continue;
    for (const entry of found) {
      const count = entry.counts.get(term);
      if (count !== undefined) noteShared(entry, count, weight);
    }
  }
  return found;
}

function noteShared(entry: Shelved, count: number, weight: number): void {
  const share = count / entry.storyline.wordings;
  entry.dot += weight * weight * share;
  entry.mass += weight * Math.sqrt(share);
  entry.squares += weight * weight;
}

/** 1 while the storyline runs, half after so many hours of silence, 0 once it should be closed. */
export function fadingOf(entry: Shelved, timeMs: number, settings: StorylineSettings): number {
  const gapMs = Math.max(0, timeMs - entry.lastMs, entry.openedMs - timeMs);
  if (gapMs > settings.silenceHours * hourMs) return 0;
  return gapMs === 0 ? 1 : 0.5 ** (gapMs / (settings.halfLifeHours * hourMs));
}

/** How near the closest of the latest wordings are, by the cosine of their words. */
function nearness(entry: Shelved, weights: ReadonlyMap<string, number>, norm: number): number {
  const texts = entry.texts.slice(-latestTexts);
  let first = 0;
  let second = 0;
  for (const { terms, known } of texts) {
    let dot = 0;
    for (const term of terms) {
      const weight = weights.get(term);
      if (weight !== undefined) dot += weight * weight;
    }
    const cosine = Math.min(1, dot / (norm * (known.norm || 1)));
    if (cosine > first) {
      second = first;
      first = cosine;
    } else if (cosine > second) second = cosine;
  }
  return texts.length < closestTexts ? first : (first + second) / closestTexts;
}

export function isOlder(a: Shelved, b: Shelved): boolean {
  return a.openedMs < b.openedMs || (a.openedMs === b.openedMs && a.storyline.id < b.storyline.id);
}

/** How alike two storylines are by the cosine of their words. */
export function likenessOfTwo(a: OpenStoryline, b: Shelved, weightOf: (stem: string) => number): number {
  let dot = 0;
  for (const [stem, count] of a.words) {
    const other = b.counts.get(stem);
    if (other !== undefined) dot += weightOf(stem) ** 2 * count * other;
  }
  return dot / (a.wordings * b.storyline.wordings * (a.norm || 1) * (b.storyline.norm || 1));
}
