import { answers, json, type Route } from './route.ts';

export const usageRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/api/usage',
    operation: {
      operationId: 'usage',
      summary: 'What each function used of AWS in a month, by its own count',
      parameters: [
        {
          name: 'month',
          in: 'query',
          description: 'The current one when left out.',
          schema: { type: 'string', pattern: '^\\d{4}-\\d{2}$' },
          example: '2026-11',
        },
      ],
      responses: { 200: answers('Sums, added to every quarter of an hour', 'Usage') },
    },
    answer: async ({ query }, open) => {
      const { store, now } = await open();
      const month = query.month ?? now().toISOString().slice(0, 7);
      return json({ month, at: now().toISOString(), functions: await store.control.usage(month) });
    },
  },
];
