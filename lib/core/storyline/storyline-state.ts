/** What a storyline has come to; each is told at most once to a subscriber. */
export type StorylineState = 'new' | 'corroborated' | 'escalated' | 'corrected';
