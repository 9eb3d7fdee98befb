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
   * Two open storylines that a story could join become one from this likeness of their words on; above 1 they never do.
   * Who keeps storylines in rows must close the absorbed one: `StorylineDecision.absorbed` names it.
   */
  readonly mergeFrom: number;
  /** Half of the likeness is gone after so many hours of silence. */
  readonly halfLifeHours: number;
  /** Stories in different languages join within so many hours, by so many shared entities beside a shared event. */
  readonly crossLanguage: { readonly withinHours: number; readonly entities: number };
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
  mergeFrom: 2,
  halfLifeHours: 20,
  crossLanguage: { withinHours: 6, entities: 2 },
  limits: { texts: 6, words: 40, names: 16, bytes: 3_000 },
};
