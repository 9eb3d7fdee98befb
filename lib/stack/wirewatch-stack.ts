import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { Alert } from './alert.ts';
import { Api } from './api.ts';
import { Apply } from './apply.ts';
import { Board } from './board.ts';
import { Digest } from './digest.ts';
import { HttpApi } from './http-api.ts';
import { LostAlerts } from './lost-alerts.ts';
import { Poll, pollTimeoutSeconds } from './poll.ts';
import { PollQueue } from './poll-queue.ts';
import { Schedule } from './schedule.ts';
import type { Settings } from './settings.ts';
import { SignIn } from './sign-in.ts';
import { StoryTable } from './story-table.ts';
import { Topics } from './topics.ts';
import { UndeliveredQueue } from './undelivered-queue.ts';
import { WatchlistBucket } from './watchlist-bucket.ts';

export type WirewatchStackProps = Settings & {
  /** Of the compiled watchlists that this version of the code reads. */
  readonly watchlistLayout: number;
};

/** The whole of Wirewatch in one account and region, for any of either. */
export class WirewatchStack extends Stack {
  constructor(scope: Construct, id: string, props: WirewatchStackProps) {
    const { stage, alertEmail, contactUrl, retentionDays, unmatchedDays, smsBudget, smsPrice } = props;
    const { proofOfLifeDays, feedsFailing, config } = props;
    const keep = stage === 'prod';
    super(scope, id, {
      description: `Wirewatch (${stage}): watches news feeds and tells its readers`,
      terminationProtection: keep,
    });
    const stories = new StoryTable(this, 'Stories', { keep });
    const watchlists = new WatchlistBucket(this, 'Watchlists');
    const polls = new PollQueue(this, 'Polls', { pollTimeoutSeconds });
    const undelivered = new UndeliveredQueue(this, 'Undelivered');
    const topics = new Topics(this, 'Topics', { alertEmail });
    const lostAlerts = new LostAlerts(this, 'LostAlerts', { topics: topics.subscriberTopics });
    const web = new HttpApi(this, 'Web');
    const signIn = new SignIn(this, 'SignIn', { keep, pageUrl: web.url, firstEditor: alertEmail });

    const schedule = new Schedule(this, 'Schedule', { stories, polls, undelivered });
    const poll = new Poll(this, 'Poll', { stories, watchlists, polls, contactUrl });
    const alert = new Alert(this, 'Alert', { stories, watchlists, topics, web, undelivered });
    const digest = new Digest(this, 'Digest', {
      stories,
      watchlists,
      topics,
      web,
      polls,
      undelivered,
      lostAlerts,
      proofOfLifeDays,
    });
    const { watchlistLayout } = props;
    const apply = new Apply(this, 'Apply', {
      ...{ stories, watchlists, topics, lostAlerts },
      ...{ config, watchlistLayout, retentionDays },
    });
    const api = new Api(this, 'Api', {
      ...{ stories, watchlists, topics, polls, undelivered, lostAlerts },
      ...{ web, signIn },
    });
    for (const { handler } of [schedule, poll, alert, digest, apply, api]) {
      handler.env('STAGE', stage);
      handler.env('RETENTION_DAYS', String(retentionDays));
      handler.env('UNMATCHED_DAYS', String(unmatchedDays));
    }
    for (const { handler } of [alert, digest, api]) handler.env('SMS_USD', String(smsPrice));

    const watched = {
      pollQueue: polls.queue,
      pollDeadLetters: polls.deadLetters,
      undelivered: undelivered.queue,
      lostAlerts: lostAlerts.queue,
      integration: topics.integration,
      apiId: web.api.ref,
      smsBudget,
      feedsFailing,
      functions: {
        schedule: schedule.handler.function,
        poll: poll.handler.function,
        alert: alert.handler.function,
        digest: digest.handler.function,
      },
    };
    const alarms = new Alarms(this, 'Alarms', watched, topics.operations);
    if (props.dashboard) new Board(this, 'Board', { ...watched, table: stories.table, alarms: alarms.all });

    this.#tell('ApiFunctionName', api.handler.function.functionName);
    this.#tell('ApplyFunctionName', apply.handler.function.functionName);
    this.#tell('DigestFunctionName', digest.handler.function.functionName);
    this.#tell('ScheduleFunctionName', schedule.handler.function.functionName);
    this.#tell('TableName', stories.table.tableName);
    this.#tell('IntegrationTopicArn', topics.integration.topicArn);
    this.#tell('ApiUrl', web.url);
    this.#tell('SignInUrl', signIn.url);
    this.#tell('SignInClientId', signIn.clientId);
  }

  /** What the command and the local run find the stack by. */
  #tell(name: string, value: string): void {
    new CfnOutput(this, name, { value });
  }
}
