import { expect, test } from 'vitest';
import { callerOf } from '../../../lib/adapters/api/caller.ts';
import { commandEvent, httpApiEvent } from './events.ts';

const groups = (claim: unknown) => httpApiEvent('GET', '/api/feeds', { 'cognito:groups': claim });

test.each<[string, unknown, string]>([
  ['a token of an editor', groups('[editor]'), 'editor'],
  ['of both groups, as API Gateway writes a list', groups('[reader editor]'), 'editor'],
  ['of a reader', groups('[reader]'), 'reader'],
  ['a list that stayed one', groups(['reader']), 'reader'],
  ['of no group', httpApiEvent('GET', '/api/feeds', { sub: 'a' }), 'visitor'],
  ['of a group of another name', groups('[editors]'), 'visitor'],
  ['a group whose name only holds the word', groups('[co-editor]'), 'visitor'],
  ['a route without an authorizer', httpApiEvent('GET', '/', null), 'nobody'],
  ['a command, let in by IAM', commandEvent('GET', '/api/feeds'), 'editor'],
  ['a context of another form', { requestContext: { apiId: 7 } }, 'nobody'],
  ['claims of another form', { requestContext: { apiId: 'a', authorizer: { jwt: { claims: 'editor' } } } }, 'nobody'],
  [
    'an authorizer of another kind',
    { requestContext: { apiId: 'a', authorizer: { lambda: { editor: true } } } },
    'nobody',
  ],
])('%s', (_, event, caller) => {
  expect(callerOf(event)).toBe(caller);
});
