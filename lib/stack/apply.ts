import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CfnCustomResource } from 'aws-cdk-lib';
import type { ICommandHooks } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Construct } from 'constructs';
import { Handler } from './handler.ts';
import type { LostAlerts } from './lost-alerts.ts';
import type { StoryTable } from './story-table.ts';
import type { Topics } from './topics.ts';
import type { WatchlistBucket } from './watchlist-bucket.ts';

export type ApplyProps = {
  readonly stories: StoryTable;
  readonly watchlists: WatchlistBucket;
  readonly topics: Topics;
  readonly lostAlerts: LostAlerts;
  /** The folder of feeds.yaml and watchlist.yaml. */
  readonly config: string;
  /** Of the compiled watchlists that the functions of this deploy read. */
  readonly watchlistLayout: number;
  readonly retentionDays: number;
};

/** Makes the config folder the live version: at a deploy that changes it or how it compiles, and when the command asks. */
export class Apply extends Construct {
  readonly handler: Handler;

  constructor(scope: Construct, id: string, props: ApplyProps) {
    super(scope, id);
    const { stories, watchlists, topics, lostAlerts, config, watchlistLayout, retentionDays } = props;
    this.handler = new Handler(this, 'apply', {
      description: 'Checks, compiles and versions the watchlist and the feeds',
      memoryMb: 1024,
      timeoutSeconds: 240,
      commandHooks: carryAlong(config),
    });
    this.handler.env('CONFIG_DIR', 'config');
    stories.open(this.handler, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem']);
    watchlists.openForWriting(this.handler);
    topics.openSubscribers(this.handler, ['SetTopicAttributes', 'DeleteTopic']);
    topics.openListing(this.handler);
    topics.openAccount(this.handler, ['SetSubscriptionAttributes']);
    lostAlerts.openForNaming(this.handler);
    const release = new CfnCustomResource(this, 'Release', {
      serviceToken: this.handler.function.functionArn,
      serviceTimeout: 300,
    });
    release.addPropertyOverride('configHash', hashOf(config));
    release.addPropertyOverride('watchlistLayout', watchlistLayout);
    release.addPropertyOverride('retentionDays', retentionDays);
    // Has a stack of before readers' links make its first key at the next deploy, whatever became of the config.
    release.addPropertyOverride('readerLinks', 1);
    // Likewise one of before readers' topics were encrypted, or of before what their endpoints refuse was kept.
    release.addPropertyOverride('readerTopics', 2);
  }
}

/** Copies the folder into the bundle, by Node because every shell copies in its own way. */
function carryAlong(config: string): ICommandHooks {
  return {
    beforeInstall: () => [],
    beforeBundling: () => [],
    afterBundling: (_, bundle) => [
      `node -e "fs.cpSync(process.argv[1], process.argv[2], { recursive: true })" "${config}" "${join(bundle, 'config')}"`,
    ],
  };
}

/** Of the files' names and bytes, in the order of their names. */
function hashOf(folder: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files)
    hash
      .update(`${relative(folder, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}
