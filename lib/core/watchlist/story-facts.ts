import { datelineLength } from '../text/dateline.ts';
import type { Tokens } from '../text/tokens.ts';
import { isRunning, type RunningCount, type RunningState } from './running.ts';

/** The texts of a story, and the first token of each and of what follows: title, summary, content, end. */
export type StoryFields = {
  readonly title: string;
  readonly summary: string;
  readonly content: string;
  readonly starts: readonly [number, number, number, number];
};

/** What a query may ask of a story besides its words. */
export type StoryFacts = {
  /** Primary language tag, or empty. */
  readonly lang: string;
  /** Folded words of the source, or empty. */
  readonly source: string;
  readonly fieldStart: readonly [number, number, number, number];
  /** Minutes since 1970, or null. */
  minute(): number | null;
  /** How an event's story runs as the story at hand appears, or null where fewer outlets than these have it. */
  running(event: string, outlets: number, withinHours: number): RunningCount | null;
  /** Where the dateline of a field ends, as a token; the start of the field where there is none. */
  datelineEnd(field: 1 | 2): number;
};

// Feeds cut content at 200 kB; a story fed by hand is held to the same.
const longestField = 200_000;

export function clipped(text: string): string {
  return text.length > longestField ? text.slice(0, longestField) : text;
}

/** `zh-Hant` and `zh_TW` are `zh`. */
export function primaryLanguage(lang: string | null | undefined): string {
  if (!lang) return '';
  return lang.length === 2 ? lang.toLowerCase() : lang.toLowerCase().split(/[-_]/)[0]!;
}

export function fieldOfToken(fields: StoryFields, token: number): 'title' | 'summary' | 'content' {
  return token < fields.starts[1] ? 'title' : token < fields.starts[2] ? 'summary' : 'content';
}

export function storyFacts(
  tokens: Tokens,
  fields: StoryFields,
  lang: string,
  source: string,
  published: string | null,
  running: RunningState | undefined,
): StoryFacts {
  const datelineEnds = [-1, -1, -1];
  return {
    lang,
    source,
    fieldStart: fields.starts,
    minute() {
      const time = published === null ? Number.NaN : Date.parse(published);
      return Number.isNaN(time) ? null : Math.floor(time / 60_000);
    },
    running(event, outlets, withinHours) {
      return running === undefined ? null : isRunning(running, event, { outlets, withinHours }, published);
    },
    datelineEnd(field) {
      if (datelineEnds[field]! >= 0) return datelineEnds[field]!;
      const length = datelineLength(field === 1 ? fields.summary : fields.content);
      let end = fields.starts[field];
      while (end < fields.starts[field + 1]! && tokens.end[end]! <= length) end++;
      datelineEnds[field] = end;
      return end;
    },
  };
}
