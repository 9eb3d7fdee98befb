/** The part of a story that matching looks at. */
export type MatchInput = {
  readonly title: string;
  readonly summary: string;
  readonly content?: string;
  readonly lang?: string | null;
  /** The feed's or publisher's id, for `source:`. */
  readonly source?: string | null;
  readonly url?: string | null;
  /** ISO 8601; for `published:` and for running stories. */
  readonly published?: string | null;
};

/** One span of the original text that helped a target to match: what is highlighted and quoted. */
export type Evidence = {
  /** The entity's or event's id. */
  readonly target: string;
  readonly field: 'title' | 'summary' | 'content';
  /** UTF-16 offsets into that field, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** The words as they stand there. */
  readonly text: string;
  /** The clause of the rule that the span satisfied, as its author wrote it. */
  readonly clause?: string;
};

export type Priority = 'low' | 'normal' | 'high' | 'critical';

export type Matched = {
  /** Sorted ids. */
  readonly entities: readonly string[];
  readonly events: readonly string[];
  readonly evidence: readonly Evidence[];
  /** The highest priority among what matched, escalators counted. */
  readonly priority: Priority;
};

/** A target that did not match although part of what it asks for is there. */
export type NearMiss = {
  readonly target: string;
  /** Which of its rules; `alias` for an ambiguous alias without its company, `weights` for what was weighed too light. */
  readonly rule: 'when' | 'while_running' | 'alias' | 'weights';
  /** The clauses that hold, with the words behind them. */
  readonly held: readonly { readonly clause: string; readonly words: readonly string[] }[];
  /** The clauses that failed, as written. */
  readonly failed: readonly string[];
};

/** Why a story matched, word by word, and what nearly did. */
export type Explained = { readonly matched: Matched; readonly nearly: readonly NearMiss[] };
