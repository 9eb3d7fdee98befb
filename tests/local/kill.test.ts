import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { isAlive } from '../../lib/local/processes.ts';
import { changedAssembly, tinyAssembly } from './support/assembly.ts';
import { type ChildRun, javaOf, startChildRun } from './support/child-run.ts';
import { eventually } from './support/eventually.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const seed = Number(process.env.KILL_SEED ?? Date.now() % 100_000);

async function started(dataDir: string, assembly = tinyAssembly): Promise<ChildRun> {
  const run = await startChildRun(assembly, dataDir);
  onTestFinished(async () => {
    await run.kill('SIGKILL');
    const { liveDir } = JSON.parse(readFileSync(join(dataDir, 'live.json'), 'utf8')) as { liveDir: string | null };
    if (liveDir !== null) rmSync(liveDir, { recursive: true, force: true });
  });
  return run;
}

function outboxSubjects(dataDir: string): string[] {
  return readdirSync(join(dataDir, 'outbox'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(dataDir, 'outbox', name), 'utf8')) as { kind: string; subject: string })
    .filter(({ kind }) => kind === 'message')
    .map(({ subject }) => subject);
}

async function confirmAll(run: ChildRun): Promise<void> {
  const { messages } = (await (await fetch(`${run.url}/outbox.json`)).json()) as { messages: { kind: string }[] };
  for (const message of messages.filter(({ kind }) => kind === 'confirmation')) {
    await fetch(`${run.url}/local/confirm`, { method: 'POST', body: JSON.stringify(message) });
  }
}

const pks = async (run: ChildRun) =>
  ((await run.invoke('api', { rows: true })) as { pk: string }[]).map(({ pk }) => pk);

test('killed at random moments, it goes on where it was: nothing acknowledged is lost, no stale Java', async () => {
  console.log(`KILL_SEED=${seed}`);
  const dataDir = temporaryFolder();
  // A message that three kills caught at work would lie with the dead letters: allow for more.
  const patient = changedAssembly(({ Resources }) => {
    const policy = Resources.Queue?.Properties.RedrivePolicy as Record<string, unknown>;
    policy.maxReceiveCount = 10;
  });
  const javas: number[] = [];
  const asked: string[] = [];
  for (const round of [0, 1, 2]) {
    const run = await started(dataDir, patient);
    javas.push(javaOf(dataDir));
    expect(run.startedNew).toBe(round === 0);
    if (round === 0) await confirmAll(run);
    const messages = Array.from({ length: 6 }, (_, index) => ({ id: `r${round}-${index}`, sleepMs: 40 }));
    await run.invoke('schedule', { messages });
    asked.push(...messages.map(({ id }) => id));
    await sleep((seed * (round + 7)) % 400);
    await run.kill('SIGKILL');
    // The shell that watches over Java sees the pipe close.
    await eventually('Java ends with its parent', () => javas.every((pid) => !isAlive(pid)));
  }
  const last = await started(dataDir, patient);
  await eventually('every story is stored', async () => {
    const stored = await pks(last);
    return asked.every((id) => stored.includes(`STORY#${id}`));
  });
  await eventually('every story is told', () => asked.every((id) => outboxSubjects(dataDir).includes(`story ${id}`)));
  expect(await pks(last)).toContain('LIVE');
  expect(last.said).toEqual([]);
  await last.kill('SIGTERM');
  expect(existsSync(join(dataDir, 'run.json'))).toBe(false);
  expect(isAlive(javas.at(-1) as number)).toBe(false);
});

test('after a crash that took the folder in memory, it goes on from the copy and says so', async () => {
  const dataDir = temporaryFolder();
  const first = await started(dataDir);
  await first.invoke('schedule', { messages: [{ id: 'kept' }] });
  await eventually('the copy is made', () => existsSync(join(dataDir, 'copy', '1', 'copied.json')));
  await first.kill('SIGKILL');
  const { liveDir } = JSON.parse(readFileSync(join(dataDir, 'live.json'), 'utf8')) as { liveDir: string };
  rmSync(liveDir, { recursive: true });

  const second = await started(dataDir);
  expect(second.startedNew).toBe(false);
  expect(second.said.map(({ message }) => message)).toEqual([expect.stringContaining('going on from the copy of')]);
  expect(await pks(second)).toContain('STORY#kept');
});

test('a data directory that a live run has is refused, in one sentence that names the process', async () => {
  const dataDir = temporaryFolder();
  const first = await started(dataDir);
  await expect(startChildRun(tinyAssembly, dataDir)).rejects.toThrow(
    `in use by a live run (process ${first.child.pid}, ${first.url}); stop that one with Ctrl-C`,
  );
});
