import { expect, test } from 'vitest';
import { findRoute, readRoute } from '../../lib/local/http-routes.ts';

const keys = ['ANY /api/{proxy+}', 'GET /', 'GET /s/{token}', 'POST /s/{token}', 'GET /s/help', 'GET /api/{kind}/all'];
const routes = keys.map((key) => readRoute(key, false, key));

test.each([
  ['the root', 'GET', '/', 'GET /', {}],
  ['everything below a greedy part', 'PUT', '/api/matches/x', 'ANY /api/{proxy+}', { proxy: 'matches/x' }],
  ['no greedy part that is empty', 'GET', '/api', null, {}],
  ['a named part', 'GET', '/s/a%20b', 'GET /s/{token}', { token: 'a b' }],
  ['the words before a name', 'GET', '/s/help', 'GET /s/help', {}],
  ['a name before a greedy part', 'GET', '/api/feeds/all', 'GET /api/{kind}/all', { kind: 'feeds' }],
  ['the method', 'POST', '/s/t', 'POST /s/{token}', { token: 't' }],
  ['not another method', 'DELETE', '/s/t', null, {}],
  ['nothing more than the route', 'GET', '/s/t/u', null, {}],
])('%s', (_, method, path, key, parameters) => {
  const found = findRoute(routes, method, path);
  expect(found?.route.target ?? null).toBe(key);
  if (found) expect(found.pathParameters).toEqual(parameters);
});

test('$default takes what no other route takes', () => {
  const all = [...routes, readRoute('$default', false, '$default')];
  expect(findRoute(all, 'DELETE', '/somewhere/else')?.route.target).toBe('$default');
  expect(findRoute(all, 'GET', '/s/t')?.route.target).toBe('GET /s/{token}');
});

test('a route it cannot read is refused', () => {
  expect(() => readRoute('GET /a{b}c', false, null)).toThrow('cannot read the route GET /a{b}c');
});
