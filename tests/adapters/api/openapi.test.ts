import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api, apiApp } from '../../../lib/adapters/api/api-app.ts';
import { fill, type Served, serveApi } from './served.ts';

type Operation = (typeof api.routes)[number]['operation'];

let served: Served;
let document: typeof api.document;

beforeAll(async () => {
  served = await serveApi();
  await fill(served);
  document = (await (await served.ask('/api/openapi.json')).json()) as typeof document;
});
afterAll(() => served.close());

/** What each operation is asked here: the path as it is sent, and the body of a POST. Every one has to stand here. */
const asked: Readonly<Record<string, readonly (readonly [path: string, body?: unknown])[]>> = {
  matches: [['/api/matches'], ['/api/matches?event=truce&limit=1'], ['/api/matches?text=nothing']],
  storylines: [['/api/storylines'], ['/api/storylines?state=new&limit=1']],
  storyline: [['/api/storylines/story-2']],
  stories: [['/api/stories'], ['/api/stories?since=1d&limit=2']],
  explain: [['/api/stories/story-1'], ['/api/stories/story-4']],
  feeds: [['/api/feeds']],
  addFeeds: [
    [
      '/api/feeds',
      'feeds:\n- {id: tass, url: "https://tass.example/rss", name: TASS, outlet: tass, tier: 1, lang: ru, country: RU}\n',
    ],
  ],
  pauseFeed: [['/api/feeds/tass/pause', '']],
  resumeFeed: [['/api/feeds/tass/resume', '']],
  removeFeed: [['/api/feeds/tass']],
  watchlist: [['/api/watchlist']],
  tryRule: [
    ['/api/watchlist/try', { query: '@un AND #talks', since: '2026-11-24' }],
    ['/api/watchlist/try', { rule: "when: '@iran AND holds'\nunless: rain", limit: 1 }],
  ],
  series: [['/api/series'], ['/api/series?event=truce&by=day'], ['/api/series?entity=un']],
  eventSeries: [['/api/series/events']],
  company: [['/api/company'], ['/api/company?event=truce'], ['/api/company?entity=iran']],
  stats: [['/api/stats']],
  doctor: [['/api/doctor']],
  usage: [['/api/usage'], ['/api/usage?month=2026-11']],
  subscribers: [['/api/subscribers']],
  openapi: [['/api/openapi.json']],
};

const operations = Object.entries(api.document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation: operation as Operation })),
);
/** In an order in which what one makes another may end. */
const inOrder = Object.keys(asked).flatMap((id) => operations.filter(({ operation }) => operation.operationId === id));

test('every operation is asked here, but for those of subscriptions, which have a test of their own', () => {
  const own = ['subscribe', 'unsubscribe', 'confirm', 'changePreferences', 'mute', 'unmute'];
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !own.includes(id)).sort()).toEqual(Object.keys(asked).sort());
});

test('every served route is documented, and every documented one served', () => {
  const routes = apiApp(
    async () => served.deps,
    () => {},
  ).routes.filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/'));
  const shown = routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  expect(shown.sort()).toEqual(operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`).sort());
});

test.each(inOrder)('$method $path answers as documented', async ({ method, operation }) => {
  for (const [path, body] of asked[operation.operationId] ?? []) {
    const answer =
      method === 'post' ? await served.post(path, body) : await served.ask(path, { method: method.toUpperCase() });
    const documented = operation.responses[answer.status];
    expect(documented, `${path} answered ${answer.status}: ${await answer.clone().text()}`).toBeDefined();
    const value = await answer.json();
    const validate = validator(
      documented?.content?.[(answer.headers.get('content-type') ?? '').split(';')[0] ?? '']?.schema,
    );
    validate(value);
    expect({ path, errors: validate.errors }).toEqual({ path, errors: null });
  }
});

test('a refusal is a documented problem', async () => {
  for (const path of ['/api/matches?since=x', '/api/stories/none', '/api/storylines/none', '/api/nothing']) {
    const answer = await served.ask(path);
    const validate = validator({ $ref: '#/components/schemas/Problem' });
    expect(validate(await answer.json()), path).toBe(true);
  }
});

test('what the document refers to is there, and each schema is one', () => {
  const text = JSON.stringify(document);
  for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    expect(document.components.schemas).toHaveProperty(name);
    expect(() => validator({ $ref: `#/components/schemas/${name}` })).not.toThrow();
  }
  for (const { path, operation } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path').map(({ name }) => name);
    expect(inPath).toEqual(named);
  }
});

/** Strict: an answer may hold nothing that its schema does not name. */
function validator(schema: unknown): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
  addFormats.default(ajv);
  ajv.addKeyword('components');
  return ajv.compile(closed({ ...(schema as object), components: document.components }) as object);
}

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema)
      // A description beside a reference or an unknown word is no rule.
      .filter(([key]) => !['securitySchemes', 'example'].includes(key))
      .map(([key, value]) => [key, closed(value)]),
  );
  return 'properties' in inner && !('additionalProperties' in inner)
    ? { ...inner, additionalProperties: false }
    : inner;
}
