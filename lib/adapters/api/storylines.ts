import { storyline, storylines } from '../../pipeline/storyline-queries.ts';
import { exported, exportFormats } from './exports.ts';
import { parameters as p } from './parameters.ts';
import { answers, idInPath, json, type Route } from './route.ts';

export const storylineRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/api/storylines',
    operation: {
      operationId: 'storylines',
      summary: 'Storylines, newest activity first',
      description: 'Those that are open, and those closed within the window. A page reads at most 1,000 rows.',
      parameters: [
        ...[p.event, p.entity, p.state, p.outlet, p.lang, p.priority, p.text],
        ...[p.since, p.until, p.limit, p.cursor, p.format],
      ],
      responses: { 200: exportFormats('A page of storylines', 'Storylines', 'Storyline') },
    },
    answer: async (asked, open) => {
      const page = await storylines(asked.query, await open());
      return exported({ name: 'storylines', rows: page.storylines, page }, asked);
    },
  },
  {
    method: 'get',
    path: '/api/storylines/{id}',
    operation: {
      operationId: 'storyline',
      summary: 'One storyline: its stories in time, outlets, revisions and alerts',
      parameters: [idInPath('The storyline.'), { ...p.limit, schema: { ...p.limit.schema, maximum: 100 } }, p.cursor],
      responses: { 200: answers('The storyline and a page of its stories', 'StorylinePage') },
    },
    answer: async ({ params, query }, open) => json(await storyline(params.id ?? '', query, await open())),
  },
];
