import type { KnownText } from './open-storyline.ts';
import type { StorylineStory } from './story-in.ts';

const longestName = 40;

export type Outlets = { readonly outlets: readonly string[]; readonly wires: readonly string[] };

/**
 * The independent outlets of some wordings: a wording that a wire carries counts under that wire, whoever else has it,
 * and whichever of them came first.
 */
export function outletsOf(texts: readonly KnownText[], earlier: Outlets, most: number): Outlets {
  const wires = [...earlier.wires, ...texts.flatMap(({ wire }) => (wire === '' ? [] : [wire]))];
  const own = texts.flatMap(({ wire, outlets }) => (wire === '' ? outlets : []));
  return { outlets: sorted([...earlier.outlets, ...own, ...wires], most), wires: sorted(wires, most) };
}

/** A wording with one story more that carries it. */
export function carriedBy(text: KnownText, story: StorylineStory, most: number): KnownText {
  const outlet = outletOf(story);
  if (outlet === '') return text;
  const wires = [text.wire, story.wire ? outlet : ''].filter((wire) => wire !== '');
  const wire = wires.sort()[0] ?? '';
  const isKnown = text.outlets.includes(outlet) && wire === text.wire;
  return isKnown ? text : { ...text, outlets: sorted([...text.outlets, outlet], most), wire };
}

/** The newsroom; where it is not known the source stands for it. */
function outletOf({ outlet, source }: StorylineStory): string {
  return (outlet === '' ? source : outlet).toWellFormed().slice(0, longestName).toWellFormed();
}

export function sorted(names: readonly string[], most: number): readonly string[] {
  return [...new Set(names)].sort().slice(0, most);
}
