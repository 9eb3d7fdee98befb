import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { answerCloudFormation } from '../lib/adapters/cloudformation-answer.ts';
import { problemLine } from '../lib/core/problem.ts';
import { type Applied, applyConfig, type ConfigTexts } from '../lib/pipeline/apply.ts';
import { ensureLinkKeys, type LinkKeyDeps, rotateLinkKeys } from '../lib/pipeline/link-keys.ts';
import { renewTopics, type TopicsRenewed } from '../lib/pipeline/renew-topics.ts';
import { type RollbackRequest, rollBack } from '../lib/pipeline/rollback.ts';
import { setting } from './shared/environment.ts';
import { metered } from './shared/metered.ts';
import { log, openBucket, openStore, openTopics } from './shared/world.ts';

const store = openStore();
const { putObject, getObject } = openBucket();
const topics = openTopics({ keyArn: setting('TOPIC_KEY'), lostAlertsArn: setting('LOST_ALERTS_ARN') });
const deps = { feeds: store.feeds, control: store.control, putObject, getObject, now: () => new Date(), log };
const linkKeys: LinkKeyDeps = { control: store.control, now: () => new Date() };

/** What `wirewatch apply` sends: both files, gzipped and in base64, for an invocation takes 6 MB. */
export type ApplyInvocation = {
  readonly feeds: { readonly name: string; readonly gzip: string };
  readonly watchlist: { readonly name: string; readonly gzip: string };
  readonly dryRun: boolean;
};

/** What `wirewatch apply --rollback` sends. */
export type RollbackInvocation = { readonly rollback: RollbackRequest };

/** What `wirewatch apply --rotate-links` sends; with `revoke`, links already sent stop working. */
export type RotateLinksInvocation = { readonly rotateLinks: { readonly revoke: boolean } };

/** Beside what became of the config: what became of readers' topics; null where they were left alone. */
export type ApplyAnswer = Applied & { readonly topics: TopicsRenewed | null };

/** Of the function's four minutes, the most for readers' topics; the config is long live by then. */
const topicsMs = 120_000;

type Invocation = CloudFormationCustomResourceEvent | ApplyInvocation | RollbackInvocation | RotateLinksInvocation;

/** Called by a deploy, as its custom resource, and by the command. */
export const handler = metered(store.control, asked, { everyMs: 0 });

async function asked(event: Invocation): Promise<Applied | ApplyAnswer | { readonly linkKey: number } | undefined> {
  if ('RequestType' in event) {
    await answerCloudFormation(event, () => deployed(event));
    return undefined;
  }
  if ('rotateLinks' in event) {
    const { id } = await rotateLinkKeys(event.rotateLinks, linkKeys);
    log({ event: 'link key rotated', id, revoked: event.rotateLinks.revoke });
    return { linkKey: id };
  }
  if ('rollback' in event) return rollBack(event.rollback, deps);
  const applied = await applyConfig(
    { feeds: unpack(event.feeds), watchlist: unpack(event.watchlist), by: 'command', dryRun: event.dryRun },
    deps,
  );
  return { ...applied, topics: applied.applied ? await renewed() : null };
}

/** Whatever becomes of it, the config is live: it is said and logged, and fails neither the command nor a deploy. */
async function renewed(): Promise<TopicsRenewed | null> {
  try {
    return await renewTopics({ ...store, topics, now: deps.now, log }, topicsMs);
  } catch (error) {
    log({ event: 'reader topics left alone', error: String(error) });
    return null;
  }
}

/** Throws with every problem where the config is refused, so that the deploy fails and says why. */
async function deployed(event: CloudFormationCustomResourceEvent): Promise<Record<string, string>> {
  if (event.RequestType === 'Delete') {
    const removed = await topics.removeAll();
    log({ event: 'subscriber topics removed', removed });
    return {};
  }
  await ensureLinkKeys(linkKeys);
  const applied = await applyConfig({ ...packagedConfig(), by: 'deploy', dryRun: false }, deps);
  if (!applied.applied) {
    const errors = applied.problems.filter(({ severity }) => severity === 'error');
    throw new Error(errors.map(problemLine).join('\n'));
  }
  const done = await renewed();
  return {
    Version: applied.version ?? '',
    ...(done === null
      ? {}
      : { TopicsRenewed: String(done.renewed), TopicsFailed: String(done.failed), TopicsLeft: String(done.left) }),
  };
}

function packagedConfig(): ConfigTexts {
  const read = (name: string) => ({
    name: `config/${name}`,
    text: readFileSync(join(import.meta.dirname, setting('CONFIG_DIR'), name), 'utf8'),
  });
  return { feeds: read('feeds.yaml'), watchlist: read('watchlist.yaml') };
}

function unpack(file: { readonly name: string; readonly gzip: string }): { name: string; text: string } {
  return { name: file.name, text: gunzipSync(Buffer.from(file.gzip, 'base64')).toString('utf8') };
}
