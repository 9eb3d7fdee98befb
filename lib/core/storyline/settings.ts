/** What can be set about storylines. `storylineSettings` is what the system runs with unless told otherwise. */
export type StorylineSettings = {
  /** A storyline closes after so much silence. */
  readonly silenceHours: number;
  /** More open ones than this close, the longest silent first. */
  readonly maxOpen: number;
  /** So many independent outlets make it corroborated. */
  readonly corroboratedBy: number;
  /** From this likeness on a story joins the storyline; docs/storylines.md says what it is made of. */
  readonly joinFrom: number;
  /**
   * Two open storylines that a story could join become one from this likeness of their words on (half of it where one
   * has one or two wordings); above 2 they never do.
   * Who keeps storylines in rows must close the absorbed one: `StorylineDecision.absorbed` names it.
   */
  readonly mergeFrom: number;
  /** Half of the likeness is gone after so many hours of silence. */
  readonly halfLifeHours: number;
  /**
   * The same for stories in which the watchlist found something, by what it found in the storyline: nearly the same events
   * and entities, no event beyond the storyline's, one beyond, and none in common. Above 1 they never join.
   */
  readonly watched: {
    readonly sure: number;
    readonly noNewEvent: number;
    readonly newEvent: number;
    readonly apart: number;
  };
  /** Stories in different languages join within so many hours, by how sure their events and entities make it. */
  readonly crossLanguage: { readonly sureHours: number; readonly likelyHours: number };
  /** What one open storyline holds at most. */
  readonly limits: {
    readonly texts: number;
    readonly words: number;
    /** Outlets, languages, entities and events, each. */
    readonly names: number;
    /** Bytes as JSON, about: the oldest wordings and the rarest words go first. */
    readonly bytes: number;
  };
};

export const storylineSettings: StorylineSettings = {
  silenceHours: 72,
  maxOpen: 400,
  corroboratedBy: 3,
  joinFrom: 0.2,
  mergeFrom: 3,
  halfLifeHours: 20,
  watched: { sure: 0.3, noNewEvent: 0.45, newEvent: 0.75, apart: 0.9 },
  crossLanguage: { sureHours: 6, likelyHours: 0.75 },
  limits: { texts: 6, words: 30, names: 16, bytes: 3_000 },
};
