import { addFeeds, type FeedAdminDeps, removeFeed, setPaused } from '../../pipeline/feed-admin.ts';
import { feeds } from '../../pipeline/queries.ts';
import { type ApiDeps, answers, idInPath, json, type Route } from './route.ts';
import { flag, list, object, type Schema, text } from './schema.ts';

const feedId = idInPath('The feed.');
const says = (description: string, schema: Schema) => ({ description, content: { 'application/json': { schema } } });
const adminDeps = ({ store, now }: ApiDeps): FeedAdminDeps => ({ feeds: store.feeds, now });

export const feedRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/api/feeds',
    operation: {
      operationId: 'feeds',
      summary: 'Every feed and how it is',
      responses: { 200: answers('The feeds', 'Feeds') },
    },
    answer: async (_, open) => json({ feeds: await feeds(await open()) }),
  },
  {
    method: 'post',
    path: '/api/feeds',
    operation: {
      operationId: 'addFeeds',
      summary: 'Adds feeds at run time',
      requestBody: {
        required: true,
        content: { 'application/yaml': { schema: { type: 'string', description: 'As in feeds.yaml.' } } },
      },
      responses: { 201: says('The ids added', object({ added: list(text) })) },
    },
    answer: async (asked, open) => json(await addFeeds(await asked.text(), adminDeps(await open())), 201),
  },
  {
    method: 'delete',
    path: '/api/feeds/{id}',
    operation: {
      operationId: 'removeFeed',
      summary: 'Ends a feed that was added at run time',
      parameters: [feedId],
      responses: { 200: says('The id removed', object({ removed: text })) },
    },
    answer: async ({ params }, open) => json(await removeFeed(params.id ?? '', adminDeps(await open()))),
  },
  pauseRoute('pause', true),
  pauseRoute('resume', false),
];

function pauseRoute(verb: 'pause' | 'resume', paused: boolean): Route {
  return {
    method: 'post',
    path: `/api/feeds/{id}/${verb}`,
    operation: {
      operationId: `${verb}Feed`,
      summary: paused ? 'Ends polling a feed until it is resumed' : 'Polls a paused feed again',
      parameters: [feedId],
      responses: { 200: says('How it is now', object({ feed: text, paused: flag })) },
    },
    answer: async ({ params }, open) => json(await setPaused(params.id ?? '', paused, adminDeps(await open()))),
  };
}
