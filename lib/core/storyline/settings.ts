/** What can be set about storylines. `storylineSettings` is what the system runs with unless told otherwise. */
export type StorylineSettings = {
  /** A storyline closes after so much silence. */
  readonly silenceHours: number;
  /** More open ones than this close, the longest silent first. */
  readonly maxOpen: number;
  /** So many independent outlets make it corroborated. */
  readonly corroboratedBy: number;
  /** From this likeness of 0 to 1 on a story joins the storyline. */
  readonly joinFrom: number;
  /** Half of the likeness is gone after so many hours of silence. */
  readonly halfLifeHours: number;
  /** Stories in different languages join within so many hours, by so many shared entities beside a shared event. */
  readonly crossLanguage: { readonly withinHours: number; readonly entities: number };
  /** What one open storyline holds at most. */
  readonly limits: {
    readonly texts: number;
    readonly words: number;
    readonly names: number;
    /** Bytes as JSON: the oldest wordings and the lightest words go first. */
    readonly bytes: number;
  };
};

export const storylineSettings: StorylineSettings = {
  silenceHours: 72,
  maxOpen: 400,
  corroboratedBy: 3,
  joinFrom: 0.4,
  halfLifeHours: 48,
  crossLanguage: { withinHours: 6, entities: 2 },
  limits: { texts: 6, words: 40, names: 16, bytes: 3_000 },
};
