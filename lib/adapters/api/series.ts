import { company } from '../../pipeline/company.ts';
import { eventSeries, series } from '../../pipeline/series-queries.ts';
import { parameters as p } from './parameters.ts';
import { answers, json, type Route } from './route.ts';

export const seriesRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/api/series',
    operation: {
      operationId: 'series',
      summary: 'Stories and outlets an hour or a day, of an event, an entity or all matches',
      description: 'By publication, in UTC. Without `since`: the last 48 hours, or 30 days of days.',
      parameters: [p.event, p.entity, p.by, p.since, p.until],
      responses: { 200: answers('A chart', 'Series') },
    },
    answer: async ({ query }, open) => json(await series(query, await open())),
  },
  {
    method: 'get',
    path: '/api/series/events',
    operation: {
      operationId: 'eventSeries',
      summary: 'The same of every event of the watchlist at once, at most 50',
      parameters: [p.by, p.since, p.until],
      responses: { 200: answers('Charts', 'EventSeries') },
    },
    answer: async ({ query }, open) => json(await eventSeries(query, await open())),
  },
  {
    method: 'get',
    path: '/api/company',
    operation: {
      operationId: 'company',
      summary: 'Who appears with an entity or event; its outlets, feeds and languages',
      description:
        'Counted over the newest stories of the window, at most 1,000; the window is 7 days without `since`.',
      parameters: [p.event, p.entity, p.since, p.until],
      responses: { 200: answers('Counts, the most first, at most 50 of a kind', 'Company') },
    },
    answer: async ({ query }, open) => json(await company(query, await open())),
  },
];
