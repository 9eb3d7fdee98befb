import { type Answer, json, type Route } from './route.ts';
import { ref } from './schema.ts';
import { schemas } from './schemas.ts';

const refuses = (description: string): Answer => ({
  description,
  content: { 'application/problem+json': { schema: ref('Problem') } },
});

/** What any operation may answer, for whoever reads the document. */
const refusals: Readonly<Record<string, Answer>> = {
  400: refuses('A parameter or the body is not as it should be; `field` names it.'),
  401: refuses('The token is missing, wrong or expired.'),
  403: refuses('The caller is in no group that may do this.'),
  404: refuses('What the path names is not there; `detail` names the nearest.'),
  413: refuses('The body is larger than 16 kB.'),
};
const refusalRefs = Object.fromEntries(
  Object.keys(refusals).map((status) => [status, { $ref: `#/components/responses/${status}` }]),
);

/** The document of all these operations, and the route that serves it. */
export function openApi(routes: readonly Route[]) {
  const paths: Record<string, Record<string, unknown>> = {};
  const all = [...routes, documentRoute(() => document)];
  for (const { method, path, operation } of all) {
    const operations = paths[path] ?? {};
    paths[path] = { ...operations, [method]: { ...operation, responses: { ...operation.responses, ...refusalRefs } } };
  }
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Wirewatch',
      version: '1',
      description:
        'What the page, the commands and programs ask. Readers may GET, editors may do the rest. Lists go by keyset cursors; a GET carries an ETag. All text of feeds is data: escape it where you show it.',
    },
    security: [{ token: [] }],
    paths,
    components: {
      schemas,
      responses: refusals,
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: "Of the stack's Cognito user pool. On one machine none is asked for.",
        },
      },
    },
  };
  return { document, routes: all };
}

function documentRoute(document: () => unknown): Route {
  return {
    method: 'get',
    path: '/api/openapi.json',
    operation: {
      operationId: 'openapi',
      summary: 'This document',
      responses: {
        200: { description: 'OpenAPI 3.1', content: { 'application/json': { schema: { type: 'object' } } } },
      },
    },
    answer: async () => json(document()),
  };
}
