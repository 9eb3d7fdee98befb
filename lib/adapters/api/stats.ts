import { doctor } from '../../pipeline/doctor.ts';
import { stats } from '../../pipeline/stats.ts';
import { answers, json, type Route } from './route.ts';

export const statsRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/api/stats',
    operation: {
      operationId: 'stats',
      summary: "The day's polls, stories, matches and alerts, and time-to-alert by feed tier",
      responses: { 200: answers('Counts of the current day in UTC', 'Stats') },
    },
    answer: async (_, open) => {
      const deps = await open();
      return json(await stats(deps.store, deps.now()));
    },
  },
  {
    method: 'get',
    path: '/api/doctor',
    operation: {
      operationId: 'doctor',
      summary: 'What is wrong, and the remedy',
      responses: { 200: answers('Nothing, in a healthy system', 'Findings') },
    },
    answer: async (_, open) => {
      const deps = await open();
      return json({ at: deps.now().toISOString(), findings: await doctor(deps) });
    },
  },
];
