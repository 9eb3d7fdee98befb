import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, type MetricProps, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export type Watched = {
  readonly pollQueue: IQueue;
  readonly pollDeadLetters: IQueue;
  readonly undelivered: IQueue;
  readonly lostAlerts: IQueue;
  readonly integration: ITopic;
  readonly apiId: string;
  /** What SMS may cost in a month, in US dollars. */
  readonly smsBudget: number;
  /** From how many of a hundred feeds on it is not the publishers. */
  readonly feedsFailing: number;
  readonly functions: {
    readonly schedule: IFunction;
    readonly poll: IFunction;
    readonly alert: IFunction;
    readonly digest: IFunction;
  };
};

type Rule = {
  readonly metric: Metric;
  /** The alarm sounds at this value and above; `below` turns it round. */
  readonly from?: number;
  readonly below?: number;
  /** How many of the last periods have to be so; one of one when left out. */
  readonly of?: readonly [number, number];
  /** Whether silence itself is the failure. */
  readonly silenceIsAlarm?: boolean;
  readonly says: string;
};

const minutes = (count: number) => Duration.minutes(count);

/**
 * Tells the operations topic what would otherwise show only as missing news. All but two on metrics that AWS
 * gives for nothing; each alarm has a section of its name in docs/operations.md.
 */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, watched: Watched, operations: ITopic) {
    super(scope, id);
    const tell = new SnsAction(operations);
    this.all = Object.entries(rulesFor(watched)).map(([name, rule]) => {
      const [datapointsToAlarm, evaluationPeriods] = rule.of ?? [1, 1];
      const alarm = new Alarm(this, name, {
        alarmDescription: `${rule.says} See docs/operations.md, "${name}".`,
        metric: rule.metric,
        threshold: rule.below ?? rule.from ?? 1,
        comparisonOperator:
          rule.below === undefined
            ? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
            : ComparisonOperator.LESS_THAN_THRESHOLD,
        datapointsToAlarm,
        evaluationPeriods,
        treatMissingData: rule.silenceIsAlarm ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(tell);
      return alarm;
    });
  }
}

function rulesFor(watched: Watched): Readonly<Record<string, Rule>> {
  return {
    ...lostWork(watched),
    ...lateWork(watched),
    ...missingBeats(watched),
    ...errors(watched),
    ...outside(watched),
  };
}

function lostWork({ pollDeadLetters, undelivered, lostAlerts, functions }: Watched): Readonly<Record<string, Rule>> {
  const waiting = { period: minutes(5), statistic: 'Maximum' };
  return {
    PollDeadLetters: {
      metric: pollDeadLetters.metricApproximateNumberOfMessagesVisible(waiting),
      says: 'A batch of feeds failed three times and was given up; its feeds are due again, but something in it breaks poll.',
    },
    LeftUndone: {
      metric: ourMetric(functions.digest, 'LeftUndone', { period: minutes(15), statistic: 'Sum' }),
      of: [2, 2],
      says: 'digest twice in a row could not decide a match or send an alert that alert had left.',
    },
    Undelivered: {
      metric: undelivered.metricApproximateNumberOfMessagesVisible(waiting),
      says: 'A tick or a stretch of the table stream could not be handed to its function; digest does the work late.',
    },
    LostAlerts: {
      metric: lostAlerts.metricApproximateNumberOfMessagesVisible(waiting),
      says: 'An endpoint of a reader keeps refusing its alerts, and SNS has given up on some.',
    },
  };
}

function lateWork({ pollQueue, functions }: Watched): Readonly<Record<string, Rule>> {
  return {
    PollQueueAge: {
      metric: pollQueue.metricApproximateAgeOfOldestMessage({ period: minutes(5), statistic: 'Maximum' }),
      from: 900,
      of: [2, 2],
      says: 'Feeds wait more than a quarter of an hour to be read.',
    },
    AlertAge: {
      metric: functions.alert.metric('IteratorAge', { period: minutes(5), statistic: 'Maximum' }),
      from: Duration.minutes(5).toMilliseconds(),
      of: [2, 2],
      says: 'Matched stories wait more than five minutes to be decided.',
    },
  };
}

function missingBeats({ functions }: Watched): Readonly<Record<string, Rule>> {
  return {
    ScheduleBeat: {
      metric: functions.schedule.metricInvocations({ period: minutes(5) }),
      below: 1,
      of: [2, 2],
      silenceIsAlarm: true,
      says: 'schedule has not run for ten minutes: no feed is read.',
    },
    DigestBeat: {
      metric: functions.digest.metricInvocations({ period: minutes(60) }),
      below: 1,
      silenceIsAlarm: true,
      says: 'digest has not run for an hour: what alert left undone stays undone.',
    },
  };
}

/** One that digest writes into its log; CloudWatch reads it from there. */
function ourMetric(fn: IFunction, metricName: string, options: Pick<MetricProps, 'period' | 'statistic'>): Metric {
  return new Metric({
    namespace: Stack.of(fn).stackName,
    metricName,
    dimensionsMap: { service: 'digest' },
    ...options,
  });
}

/**
 * What alert fails at ends in the undelivered, or makes the stream wait; who deploys or asks sees at once that apply or api
 * fails. poll is watched beside its dead letters, for they come a quarter of an hour late.
 */
function errors({ functions }: Watched): Readonly<Record<string, Rule>> {
  return {
    PollErrors: {
      metric: functions.poll.metricErrors({ period: minutes(15) }),
      from: 5,
      says: 'poll failed five times in a quarter of an hour: whole messages, not single feeds.',
    },
    ScheduleErrors: {
      metric: functions.schedule.metricErrors({ period: minutes(5) }),
      of: [2, 3],
      says: 'schedule keeps failing: feeds are read late or not at all.',
    },
    DigestErrors: {
      metric: functions.digest.metricErrors({ period: minutes(60) }),
      from: 2,
      says: 'digest has failed twice in an hour: what alert left undone stays undone.',
    },
  };
}

function outside(watched: Watched): Readonly<Record<string, Rule>> {
  return {
    ApiFailures: {
      metric: new Metric({
        namespace: 'AWS/ApiGateway',
        metricName: '5xx',
        dimensionsMap: { ApiId: watched.apiId },
        period: minutes(5),
        statistic: 'Sum',
      }),
      from: 5,
      says: 'The page or the API answers with errors.',
    },
    FeedsFailing: {
      metric: ourMetric(watched.functions.digest, 'FeedsFailing', { period: minutes(60), statistic: 'Maximum' }),
      from: watched.feedsFailing,
      of: [2, 2],
      says: `For two hours ${watched.feedsFailing} of a hundred feeds or more have failed at each try.`,
    },
    IntegrationFailures: {
      metric: watched.integration.metricNumberOfNotificationsFailed({ period: minutes(15), statistic: 'Sum' }),
      says: 'SNS gave up delivering to a subscriber of the integration topic.',
    },
    SmsSpend: {
      metric: new Metric({
        namespace: 'AWS/SNS',
        metricName: 'SMSMonthToDateSpentUSD',
        period: minutes(60),
        statistic: 'Maximum',
      }),
      from: 0.8 * watched.smsBudget,
      says: `SMS of this account and region cost more than four fifths of ${watched.smsBudget} US dollars this month; at the account's limit SNS drops them in silence.`,
    },
  };
}
