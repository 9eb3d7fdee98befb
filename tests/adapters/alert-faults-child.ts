import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { snsPublish } from '../../lib/adapters/aws-messages.ts';
import { dynamoStore } from '../../lib/adapters/store/dynamo-store.ts';
import { storylineSettings } from '../../lib/core/storyline/settings.ts';
import { decide } from '../../lib/pipeline/alert.ts';
import { type AlertTexts, alertTexts } from '../../lib/pipeline/alert-message.ts';
import { digest } from '../../lib/pipeline/digest.ts';
import { storyPlacer } from '../../lib/pipeline/place-story.ts';
import { alertDeps, matcher } from '../pipeline/world.ts';

/**
 * The process that alert-faults.test.ts kills: decides what waits and sweeps beside it, round by round, each twenty
 * minutes of its clock after the last, until the clock has come to `until` and a round finds nothing to do.
 */
export type Work = {
  readonly dynamoEndpoint: string;
  readonly table: string;
  readonly snsEndpoint: string;
  /** Of this process. */
  readonly run: number;
  /** Milliseconds since 1970, as `until`. */
  readonly clock: number;
  readonly until: number;
};

const work = JSON.parse(process.argv[2] ?? '') as Work;
const roundMs = 20 * 60_000;
const clientOf = (accessKeyId: string, endpoint: string) => ({
  endpoint,
  region: 'eu-west-1',
  credentials: { accessKeyId, secretAccessKey: 'local' },
});
const store = dynamoStore(new DynamoDBClient(clientOf('local', work.dynamoEndpoint)), {
  name: work.table,
  retentionDays: 30,
  unmatchedDays: 30,
});
let clock = work.clock;
const now = () => new Date(clock);
const { stories, storylines } = store;
const feed = async (id: string) => (await store.feeds.get([id]))[0] ?? null;
const log = ({ event, ...fields }: { readonly event: string }) => console.log(`${event}: ${JSON.stringify(fields)}`);
const deps = alertDeps(store, {
  now,
  log,
  texts: withNames(
    alertTexts({
      stories,
      storylines,
      feed,
      matcher,
      log,
      now,
      linkKeys: async () => [],
      publicUrl: 'https://ww.example',
    }),
  ),
  place: storyPlacer({ storylines, settings: storylineSettings, pause, random: Math.random }),
  // One try more after a failure: that two in a row leave a claim open is a case of its own.
  publish: snsPublish(new SNSClient({ ...clientOf(`run${work.run}`, work.snsEndpoint), maxAttempts: 2 })),
});

for (;;) {
  console.log(`clock ${clock}`);
  const waiting = await stories.undecided(now().toISOString(), 8);
  const [swept] = await Promise.all([
    digest(deps),
    ...waiting.map((story) =>
      decide(story, deps).catch((error) => log({ event: 'decision failed', ...{ error: String(error) } })),
    ),
  ]);
  const { decided, redeemed, told, failed } = swept;
  if (clock >= work.until && waiting.length + decided + redeemed + told + failed === 0) break;
  clock += roundMs;
}
console.log('nothing left to do');
process.exit(0);

/** A reader's text as one message that names its alerts, so that the test need not read them out of the words. */
function withNames(texts: AlertTexts): AlertTexts {
  return {
    forPrograms: texts.forPrograms,
    async forReader(claims, reader) {
      const [first, ...rest] = await texts.forReader(claims, reader);
      if (first === undefined) return [];
      const body = [first, ...rest].map((message) => message.body).join('\n');
      const alerts = claims.map(({ storyline, state }) => `${storyline} ${state}`);
      return [{ subject: first.subject, body, attributes: { alerts } }];
    },
  };
}
