import { explain } from '../../pipeline/explain.ts';
import { storedStories } from '../../pipeline/stored-stories.ts';
import { parameters as p } from './parameters.ts';
import { answers, idInPath, json, type Route } from './route.ts';

export const storyRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/api/stories',
    operation: {
      operationId: 'stories',
      summary: 'All stored stories, matched or not, in order of arrival',
      description: 'What a replay reads. `since` and `until` bound when a story was first seen.',
      parameters: [p.since, p.until, { ...p.limit, schema: { ...p.limit.schema, maximum: 100 } }, p.cursor],
      responses: { 200: answers('A page of stories', 'StoredStories') },
    },
    answer: async ({ query }, open) => json(await storedStories(query, await open())),
  },
  {
    method: 'get',
    path: '/api/stories/{id}',
    operation: {
      operationId: 'explain',
      summary: 'Why a story matched, word by word, whom it was told, and what nearly matched',
      parameters: [idInPath('The story.')],
      responses: { 200: answers('The story', 'Story') },
    },
    answer: async ({ params }, open) => json(await explain(params.id ?? '', await open())),
  },
];
