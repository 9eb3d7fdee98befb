import type { Counted, KnownText, OpenStoryline } from './open-storyline.ts';
import { type Outlets, outletsOf } from './outlets.ts';
import type { StorylineSettings } from './settings.ts';

/**
 * Within the limits: the oldest wordings leave (their outlets stay known), then the rarest words. A title, its id and
 * sixteen outlets fit the smallest limit that makes sense; what remains after all cuts is never cut further.
 */
export function fitted(storyline: OpenStoryline, settings: StorylineSettings): OpenStoryline {
  const { limits } = settings;
  let { texts, words } = storyline;
  let earlier = earlierOf(storyline);
  let left = limits.bytes === Number.POSITIVE_INFINITY ? 0 : limits.bytes - bytesOf(storyline);
  while (texts.length > limits.texts || (left < 0 && texts.length > 1)) {
    earlier = outletsOf(texts.slice(0, 1), earlier, limits.names);
    left += textBytes(texts[0]!);
    texts = texts.slice(1);
  }
  while (left < 0 && words.length > 8) {
    left += wordBytes(words.at(-1)!);
    words = words.slice(0, -1);
  }
  if (texts === storyline.texts && words === storyline.words) return storyline;
  return { ...storyline, texts, words, earlierOutlets: earlier.outlets, earlierWires: earlier.wires };
}

function bytesOf(storyline: OpenStoryline): number {
  const { texts, words, outlets, earlierOutlets, langs, entities, events, title, id } = storyline;
  let sum = 420 + byteLength(title) + byteLength(id);
  for (const text of texts) sum += textBytes(text);
  for (const word of words) sum += wordBytes(word);
  for (const name of [...outlets, ...earlierOutlets, ...langs]) sum += byteLength(name) + 3;
  for (const name of [...entities, ...events]) sum += wordBytes(name);
  return sum;
}

function textBytes({ story, words, outlets, wire }: KnownText): number {
  let sum = 90 + byteLength(story) + byteLength(words) + byteLength(wire);
  for (const outlet of outlets) sum += byteLength(outlet) + 3;
  return sum;
}

function wordBytes([name, count]: Counted): number {
  return byteLength(name) + 5 + String(count).length;
}

function byteLength(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) length += code > 0x7ff ? 2 : 1;
  }
  return length;
}

/** The outlets of wordings that a storyline no longer holds. */
export function earlierOf({ earlierOutlets, earlierWires }: OpenStoryline): Outlets {
  return { outlets: earlierOutlets, wires: earlierWires };
}
