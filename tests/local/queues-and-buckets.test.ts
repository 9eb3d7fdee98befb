import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type QueuesAndBuckets, startQueuesAndBuckets } from '../../lib/local/queues-and-buckets.ts';

const folder = mkdtempSync(join(tmpdir(), 'wirewatch-queues-'));
let queues: QueuesAndBuckets;
let queueUrl = '';
let clients: { readonly sqs: SQSClient; readonly s3: S3Client };

beforeAll(async () => {
  queues = await startQueuesAndBuckets(folder);
  queueUrl = queues.queue('polls', {});
  queues.bucket('watchlists');
  const common = {
    endpoint: queues.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  clients = { sqs: new SQSClient(common), s3: new S3Client({ ...common, forcePathStyle: true }) };
  await clients.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'ours' }));
  await clients.s3.send(new PutObjectCommand({ Bucket: 'watchlists', Key: 'live', Body: 'ours' }));
});
afterAll(async () => {
  clients.sqs.destroy();
  clients.s3.destroy();
  await queues.close();
  rmSync(folder, { recursive: true });
});

/** What a browser sends without asking first: a form, from whatever page is open. */
function asForm(method: string, path: string, headers: Record<string, string>, form: Record<string, string> = {}) {
  const { hostname, port, host } = new URL(queues.endpoint);
  return new Promise<number>((resolve, reject) => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const asked = request({ hostname, port, method, path, headers: { host, ...type, ...headers } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.once('error', reject).end(new URLSearchParams(form).toString());
  });
}

const strangers: readonly (readonly [string, Record<string, string>])[] = [
  ['a page of another origin', { origin: 'https://evil.example' }],
  ['a page that hides its origin', { origin: 'null' }],
  ['a name that was made to point here', { host: 'evil.example' }],
  ['a form sent from another site', { 'sec-fetch-site': 'cross-site' }],
];

describe.each(strangers)('%s', (_, headers) => {
  test('sends no message and empties no queue', async () => {
    const send = { Action: 'SendMessage', Version: '2012-11-05', QueueUrl: queueUrl, MessageBody: 'theirs' };
    expect(await asForm('POST', '/', headers, send)).toBe(403);
    expect(await asForm('POST', '/', headers, { ...send, Action: 'PurgeQueue' })).toBe(403);
    expect(queues.depth('polls')).toBe(1);
  });

  test('writes no object', async () => {
    expect(await asForm('POST', '/watchlists/live', headers)).toBe(403);
    expect(await asForm('PUT', '/watchlists/live', headers)).toBe(403);
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: 'watchlists', Key: 'live' }));
    expect(await Body?.transformToString()).toBe('ours');
  });
});

test('without any of that the same form is taken', async () => {
  const send = { Action: 'SendMessage', Version: '2012-11-05', QueueUrl: queueUrl, MessageBody: 'ours too' };
  expect(await asForm('POST', '/', {}, send)).not.toBe(403);
});
