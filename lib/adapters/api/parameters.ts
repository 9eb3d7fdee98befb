import type { Parameter } from './route.ts';
import { oneOf, type Schema, text } from './schema.ts';

const inQuery = (name: string, description: string, schema: Schema = text, example?: string): Parameter => ({
  name,
  in: 'query',
  description,
  schema,
  ...(example !== undefined && { example }),
});

const aTime = 'a date, an instant, or a span back from now: `2026-11-24`, `2026-11-24T06:00Z`, `36h`, `7d`';

/** The parameters that several operations share, by name. */
export const parameters = {
  entity: inQuery('entity', 'Stories that name this entity of the watchlist.', text, 'sco'),
  event: inQuery('event', 'Stories that report this event of the watchlist.', text, 'israel-iran-ceasefire'),
  source: inQuery('source', 'Stories from this feed.'),
  outlet: inQuery('outlet', 'Stories of this newsroom.'),
  lang: inQuery('lang', 'Stories in this language, BCP 47.', text, 'fa'),
  priority: inQuery('priority', 'At least this priority.', oneOf('low', 'normal', 'high', 'critical')),
  storyline: inQuery('storyline', 'Stories of this storyline.'),
  text: inQuery('text', 'Every one of these words in title or summary.'),
  state: inQuery('state', 'Storylines that reached it.', oneOf('new', 'corroborated', 'escalated', 'corrected')),
  since: inQuery('since', `Not before: ${aTime}.`, text, '24h'),
  until: inQuery('until', 'Not after, written the same way.'),
  limit: inQuery('limit', 'A page of at most so many rows.', {
    type: 'integer',
    minimum: 1,
    maximum: 1_000,
    default: 50,
  }),
  cursor: inQuery('cursor', 'The page after: `next` of the page before.'),
  by: inQuery('by', 'The width of a bucket. A window holds at most 31 days of hours or 400 days.', {
    ...oneOf('hour', 'day'),
    default: 'hour',
  }),
  format: inQuery('format', 'How the rows are written; instead of it, the Accept header.', {
    ...oneOf('json', 'jsonl', 'csv', 'atom'),
    default: 'json',
  }),
} as const;
