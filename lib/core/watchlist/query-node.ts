/** Where a node stands in its query: UTF-16 offsets, end exclusive. */
export type Place = { readonly start: number; readonly end: number };

/** A query as its author wrote it; docs/watchlist.md says what each part means. */
export type QueryNode =
  | ({ readonly kind: 'words'; readonly text: string; readonly caseSensitive: boolean } & Place)
  | ({ readonly kind: 'entity'; readonly id: string; readonly side: boolean } & Place)
  | ({ readonly kind: 'term'; readonly id: string } & Place)
  | ({ readonly kind: 'and' | 'or'; readonly items: readonly QueryNode[] } & Place)
  | ({ readonly kind: 'not'; readonly item: QueryNode } & Place)
  | ({ readonly kind: 'near' | 'onear'; readonly distance: number } & Sides & Place)
  | ({ readonly kind: 'same' | 'outside' } & Sides & Place)
  | ({ readonly kind: 'atleast'; readonly count: number; readonly item: QueryNode } & Place)
  | ({ readonly kind: 'field'; readonly field: Field; readonly item: QueryNode } & Place)
  | ({ readonly kind: 'by'; readonly who: QueryNode; readonly does: QueryNode; readonly whom: QueryNode } & Place)
  | ({ readonly kind: 'lang'; readonly tag: string } & Place)
  | ({ readonly kind: 'source'; readonly value: string; readonly prefix: boolean } & Place)
  | ({ readonly kind: 'published'; readonly from: string | null; readonly to: string | null } & Place)
  | ({ readonly kind: 'running'; readonly event: string } & RunningWanted & Place)
  | ({ readonly kind: 'self' | 'start' | 'end' | 'dateline' } & Place);

type Sides = { readonly left: QueryNode; readonly right: QueryNode };

/** How strongly a story has to run; null is what its event says itself. */
export type RunningWanted = { readonly outlets: number | null; readonly withinHours: number | null };

export type Field = 'title' | 'summary' | 'content';

/** A query with the text it was parsed from, which evidence quotes. */
export type Query = { readonly text: string; readonly node: QueryNode };
