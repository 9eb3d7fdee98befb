import { matches } from '../../pipeline/matches.ts';
import { exported, exportFormats } from './exports.ts';
import { parameters as p } from './parameters.ts';
import type { Route } from './route.ts';

export const matchRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/api/matches',
    operation: {
      operationId: 'matches',
      summary: 'Stored matches, newest first',
      description:
        'Read along one axis (event, entity, source or language, else all) inside the window; the other filters work on what is read. A page reads at most 1,000 rows, so it may be short, or empty, and still have a `next`.',
      parameters: [
        ...[p.event, p.entity, p.source, p.outlet, p.lang, p.priority, p.storyline, p.text],
        ...[p.since, p.until, p.limit, p.cursor, p.format],
      ],
      responses: { 200: exportFormats('A page of matches', 'Matches', 'Match') },
    },
    answer: async (asked, open) => {
      const page = await matches(asked.query, await open());
      return exported({ name: 'matches', rows: page.matches, page }, asked);
    },
  },
];
