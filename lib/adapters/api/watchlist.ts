import { watchlist } from '../../pipeline/queries.ts';
import { answers, json, type Route } from './route.ts';
import { ref } from './schema.ts';
import { readTryRequest } from './try-request.ts';

export const watchlistRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/api/watchlist',
    operation: {
      operationId: 'watchlist',
      summary: 'The live watchlist: its version, entities and events',
      responses: { 200: answers('The watchlist', 'Watchlist') },
    },
    answer: async (_, open) => {
      const deps = await open();
      return json(await watchlist({ ...deps, control: deps.store.control }));
    },
  },
  {
    method: 'post',
    path: '/api/watchlist/try',
    reads: true,
    operation: {
      operationId: 'tryRule',
      summary: 'A dry run: which stored stories a query or rule would have matched, and by which words',
      description:
        'It may name the entities and terms of the live watchlist. Looks at 500 stories unless told otherwise, at most 1,000 a call and for about ten seconds; `next` goes on. NEAR, SAME, OUTSIDE and BY stand inside each other at most five deep. Changes nothing and tells nobody.',
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: ref('Try'),
            example: { query: '@iran AND (talks NEAR/5 nuclear)', since: '24h' },
          },
        },
      },
      responses: { 200: answers('What it matches', 'Tried') },
    },
    answer: async (asked, open) => {
      const request = readTryRequest(await asked.text());
      // Few requests try a rule: reading and compiling rules is loaded by the first that does.
      const { tryRule } = await import('../../pipeline/try-rule.ts');
      return json(await tryRule(request, await open()));
    },
  },
];
