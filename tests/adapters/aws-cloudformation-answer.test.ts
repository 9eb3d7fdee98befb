import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { answerCloudFormation } from '../../lib/adapters/cloudformation-answer.ts';

type Answer = {
  readonly method: string;
  readonly type: string | undefined;
  readonly bytes: number;
  readonly body: Record<string, string>;
};

let server: Server;
let status = 200;
const answers: Answer[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    answers.push({
      method: request.method ?? '',
      type: request.headers['content-type'],
      bytes: body.length,
      body: JSON.parse(body.toString()),
    });
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void server.close());
beforeEach(() => {
  answers.length = 0;
  status = 200;
});

function event(fields: object = {}): CloudFormationCustomResourceEvent {
  const { port } = server.address() as AddressInfo;
  return {
    RequestType: 'Create',
    ServiceToken: 'arn:aws:lambda:eu-west-1:1:function:apply',
    ResponseURL: `http://127.0.0.1:${port}/answer?signature=x`,
    StackId: 'arn:aws:cloudformation:eu-west-1:1:stack/wirewatch/1',
    RequestId: 'r-1',
    LogicalResourceId: 'Config',
    ResourceType: 'Custom::Config',
    ResourceProperties: { ServiceToken: '' },
    ...fields,
  } as CloudFormationCustomResourceEvent;
}

test('work done is a success with its data, unsigned by a content type', async () => {
  await answerCloudFormation(event(), async () => ({ Version: 'abc' }));
  expect(answers).toMatchObject([
    {
      method: 'PUT',
      body: { Status: 'SUCCESS', RequestId: 'r-1', PhysicalResourceId: 'Config-config', Data: { Version: 'abc' } },
    },
  ]);
  // The address is signed for no content type; another one makes S3 refuse it.
  expect(answers[0]?.type ?? '').toBe('');
});

test('an update keeps the physical id, for a new one would delete the old', async () => {
  await answerCloudFormation(event({ RequestType: 'Update', PhysicalResourceId: 'as-it-was' }), async () => ({}));
  expect(answers[0]?.body.PhysicalResourceId).toBe('as-it-was');
});

test.each([
  ['an error', new Error('config/watchlist.yaml:3:1: error: unknown id'), 'unknown id'],
  ['something that is no error', 'just words', 'just words'],
  ['a long list of problems', new Error('watchlist.yaml: error\n'.repeat(900)), 'watchlist.yaml'],
  ['a long list in Chinese', new Error('第三行：未知的标识符\n'.repeat(900)), '未知'],
  ['a long list of what JSON escapes', new Error('"\\\u0000'.repeat(2_000)), '"'],
])('work that fails by %s is a failure that fits CloudFormation', async (_, error, words) => {
  await answerCloudFormation(event(), () => Promise.reject(error));
  expect(answers).toHaveLength(1);
  expect(answers[0]?.body).toMatchObject({
    Status: 'FAILED',
    StackId: expect.any(String),
    LogicalResourceId: 'Config',
  });
  expect(answers[0]?.body.Reason).toContain(words);
  expect(answers[0]?.bytes).toBeLessThanOrEqual(4_096);
});

test('an answer that is not taken is a throw, so that the invocation is tried again', async () => {
  status = 403;
  await expect(answerCloudFormation(event(), async () => ({}))).rejects.toThrow('403');
});
