import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

let silent: Server;
let asked: Promise<unknown>;
beforeAll(async () => {
  // Takes a request and never answers, so that the command that asked it runs until it is stopped.
  silent = createServer();
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  asked = once(silent, 'request');
});
afterAll(() => {
  silent.closeAllConnections();
  silent.close();
});

describe('under a Node that is too old', () => {
  const launched = (...words: string[]) =>
    spawn(process.execPath, ['--require', path('tests/support/old-node.cjs'), path('bin/wirewatch.js'), ...words]);

  test('the packaged one runs the command', async () => {
    const child = launched('--help');
    expect(await said(child)).toContain('Usage: wirewatch');
  });

  test('an interrupt sent to the launcher alone ends the command, too', async () => {
    const host = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const child = launched('feed', `http://${host}/rss`, '--allow-host', host);
    const [{ socket }] = (await asked) as [{ socket: NodeJS.EventEmitter }];
    const gone = once(socket, 'close');
    const began = performance.now();
    child.kill('SIGINT');
    const [code] = await once(child, 'exit');
    await gone;
    expect(code).not.toBe(0);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe('an interrupt', () => {
  const waiting = async () => {
    const child = spawn(process.execPath, [path('tests/support/waits-for-interrupt.ts')]);
    await once(child.stdout, 'data');
    return child;
  };

  test('that comes twice at once, by the terminal and by the launcher, stops in order', async () => {
    const child = await waiting();
    child.kill('SIGINT');
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    expect((await once(child, 'exit'))[0]).toBe(0);
  });

  test('that is repeated by somebody who does not want to wait ends at once', async () => {
    const child = await waiting();
    child.kill('SIGINT');
    await once(child.stdout, 'data');
    setTimeout(() => child.kill('SIGINT'), 700);
    expect((await once(child, 'exit'))[0]).toBe(130);
  });
});

async function said(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  await once(child, 'close');
  return text;
}
