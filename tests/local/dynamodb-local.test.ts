import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { expect, onTestFinished, test } from 'vitest';
import { endStaleJava, startDynamoDbLocal } from '../../lib/local/dynamodb-local.ts';
import { commandLineOf, isAlive } from '../../lib/local/processes.ts';
import { eventually } from './support/eventually.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

function folder(): { databaseDir: string; pidFile: string } {
  const dir = temporaryFolder();
  const databaseDir = join(dir, 'dynamodb');
  mkdirSync(databaseDir);
  return { databaseDir, pidFile: join(dir, 'java.json') };
}

/** A process that sleeps under the given words, as a Java that its parent left behind would. */
function sleeper(words: readonly string[]): number {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)', ...words], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child.pid as number;
}

test('it answers on loopback, and stopping it ends Java and forgets its pid', async () => {
  const { databaseDir, pidFile } = folder();
  const database = await startDynamoDbLocal({ databaseDir, pidFile });
  onTestFinished(() => database.stop());
  expect(commandLineOf(database.pid)).toContain(databaseDir);
  expect((await fetch(database.endpoint, { method: 'POST', body: '{}' })).status).toBe(400);
  await database.stop();
  expect(isAlive(database.pid)).toBe(false);
  expect(existsSync(pidFile)).toBe(false);
  expect(await database.ended).toMatchObject({ expected: true });
});

test('who does not know the access key sees an empty database, since Java listens on every interface', async () => {
  const database = await startDynamoDbLocal(folder());
  onTestFinished(() => database.stop());
  const as = (accessKeyId: string) => {
    const client = new DynamoDBClient({
      endpoint: database.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId, secretAccessKey: 'local' },
    });
    onTestFinished(() => client.destroy());
    return client;
  };
  await as('localOurs').send(
    new CreateTableCommand({
      TableName: 'stories',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    }),
  );
  expect((await as('localOurs').send(new ListTablesCommand({}))).TableNames).toEqual(['stories']);
  expect((await as('local').send(new ListTablesCommand({}))).TableNames).toEqual([]);
});

test('a Java that ends on its own is told as unexpected', async () => {
  const database = await startDynamoDbLocal(folder());
  process.kill(database.pid, 'SIGKILL');
  expect(await database.ended).toMatchObject({ expected: false });
});

test('a stale Java of this data directory is ended before a new one starts', async () => {
  const { databaseDir, pidFile } = folder();
  const pid = sleeper(['DynamoDBLocal.jar', '-dbPath', databaseDir]);
  writeFileSync(pidFile, JSON.stringify({ pid, databaseDir }));
  await eventually('the process has its name', () => commandLineOf(pid).includes(databaseDir));
  expect(await endStaleJava(pidFile)).toBe(pid);
  expect(isAlive(pid)).toBe(false);
  expect(existsSync(pidFile)).toBe(false);
});

test.each([
  ['another program that got its number', (databaseDir: string) => ['some-editor', databaseDir]],
  ['the Java of another data directory', () => ['DynamoDBLocal.jar', '-dbPath', '/elsewhere']],
])('%s is left alone', async (_, words) => {
  const { databaseDir, pidFile } = folder();
  const pid = sleeper(words(databaseDir));
  writeFileSync(pidFile, JSON.stringify({ pid, databaseDir }));
  expect(await endStaleJava(pidFile)).toBe(null);
  expect(isAlive(pid)).toBe(true);
  expect(existsSync(pidFile)).toBe(false);
});

test('a pid file that was cut off, or names nobody, is no obstacle', async () => {
  const { databaseDir, pidFile } = folder();
  writeFileSync(pidFile, '{"pid": 12');
  expect(await endStaleJava(pidFile)).toBe(null);
  writeFileSync(pidFile, JSON.stringify({ pid: 2 ** 22 + 1, databaseDir }));
  expect(await endStaleJava(pidFile)).toBe(null);
});
