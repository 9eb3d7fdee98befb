import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readJsonOr, writeJson } from './json-file.ts';

/** What SNS would send. It lies in the outbox; nobody has received it. */
export type OutboxMessage = {
  readonly id: string;
  /** ISO 8601, by the run's clock. */
  readonly at: string;
  readonly channel: 'email' | 'sms' | 'https';
  /** The address or number. It stands here and in the SNS front's own file alone. */
  readonly to: string;
  /** Null for SMS, which has none. */
  readonly subject: string | null;
  readonly body: string;
  readonly topicArn: string;
  readonly kind: 'message' | 'confirmation' | 'unsubscribed';
  /** For a confirmation: what ConfirmSubscription wants. */
  readonly token: string | null;
};

export type Outbox = {
  readonly dir: string;
  add(message: Omit<OutboxMessage, 'id'>): OutboxMessage;
  /** Newest first. */
  list(most: number): readonly OutboxMessage[];
  listen(listener: (message: OutboxMessage) => void): () => void;
};

const kept = 5000;

/** One file a message, named so that the names sort by time. */
export function openOutbox(dataDir: string): Outbox {
  const dir = join(dataDir, 'outbox');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const listeners = new Set<(message: OutboxMessage) => void>();
  const files = () =>
    readdirSync(dir)
      .filter((name) => name.endsWith('.json'))
      .sort();
  let count = files().length;

  return {
    dir,
    add: (told) => {
      const message: OutboxMessage = { id: randomUUID(), ...told };
      writeJson(join(dir, `${message.at.replaceAll(':', '-')}-${message.id}.json`), message);
      count++;
      if (count > kept * 1.1) count = dropOldest(dir, files());
      for (const listener of listeners) listener(message);
      return message;
    },
    list: (most) =>
      files()
        .slice(-most)
        .reverse()
        .map((name) => readJsonOr<OutboxMessage | null>(join(dir, name), null))
        .filter((message) => message !== null),
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function dropOldest(dir: string, names: readonly string[]): number {
  for (const name of names.slice(0, Math.max(0, names.length - kept))) rmSync(join(dir, name), { force: true });
  return Math.min(names.length, kept);
}
