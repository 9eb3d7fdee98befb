/** The columns of exported matches and storylines, in the order in which a spreadsheet shows them. */
export const matchColumns = [
  ...(['id', 'published', 'seen', 'source', 'outlet', 'lang', 'priority', 'title', 'url'] as const),
  ...(['entities', 'events', 'words', 'storyline', 'summary'] as const),
] as const;

export const storylineColumns = [
  ...(['id', 'opened', 'last', 'closed', 'title', 'stories', 'outlets', 'wires', 'langs'] as const),
  ...(['priority', 'states', 'entities', 'events', 'words'] as const),
] as const;
