import { readFile } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { unpack } from '../lib/adapters/fetch-body.ts';
import type { ReadFeed } from '../lib/core/feed/feed-entry.ts';
import { readLimits } from '../lib/core/feed/limits.ts';
import { readFeed } from '../lib/core/feed/read-feed.ts';
import type { ReadingJob, ReadingReport } from './reading-pool.ts';

/** Reads one feed at a time for reading-pool.ts, which ends this thread where it takes too long. */
async function read(job: ReadingJob): Promise<ReadFeed> {
  const packed = job.file === null ? job.body : await readFile(job.file);
  const body = await unpack(packed, null, readLimits.bodyBytes);
  if (body.kind !== 'bytes') {
    const message = body.kind === 'broken' ? body.message : `more than ${readLimits.bodyBytes} bytes`;
    return { kind: 'unreadable', error: { kind: body.kind, message } };
  }
  return readFeed(body.bytes, { contentType: job.contentType, url: job.url, now: new Date(job.now) });
}

const port = parentPort;
if (port === null) throw new Error('reading-worker.ts is run by reading-pool.ts, as a worker thread');
const report = (message: ReadingReport) => port.postMessage(message);

port.on('message', (job: ReadingJob) => {
  read(job).then(
    (read) => report({ kind: 'read', read }),
    (error: unknown) => report({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
  );
});
report({ kind: 'ready' });
