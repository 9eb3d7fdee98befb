import { Duration, Stack } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  Metric,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { Watched } from './alarms.ts';

const width = 12;
const height = 6;

/** One page in CloudWatch with what the alarms look at: the setting `dashboard`. */
export class Board extends Construct {
  constructor(
    scope: Construct,
    id: string,
    watched: Pick<Watched, 'pollQueue' | 'functions'> & { readonly table: Table; readonly alarms: readonly Alarm[] },
  ) {
    super(scope, id);
    const { pollQueue, functions, table, alarms } = watched;
    const hour = { period: Duration.hours(1) };
    const fiveMinutes = { period: Duration.minutes(5), statistic: 'Maximum' };
    const ours = (service: string, metricName: string, statistic: string) =>
      new Metric({
        namespace: Stack.of(this).stackName,
        metricName,
        dimensionsMap: { service },
        statistic,
        ...hour,
      });
    const graph = (title: string, left: IMetric[], right: IMetric[] = []) =>
      new GraphWidget({ title, width, height, left, right });
    const runs = Object.values(functions);
    new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.days(1),
      widgets: [
        [new AlarmStatusWidget({ alarms: [...alarms], width: 2 * width, height: 4 })],
        [
          graph(
            'Alerts an hour, and time from first sight to alert (ms)',
            [ours('alert', 'AlertsSent', 'Sum')],
            [ours('alert', 'TimeToAlert', 'p50'), ours('alert', 'TimeToAlert', 'p95')],
          ),
          graph(
            'Feeds that fail (%), and what digest left undone',
            [ours('digest', 'FeedsFailing', 'Maximum')],
            [ours('digest', 'LeftUndone', 'Sum')],
          ),
        ],
        [
          graph(
            'Runs and errors an hour',
            runs.map((fn) => fn.metricInvocations(hour)),
            runs.map((fn) => fn.metricErrors(hour)),
          ),
          graph(
            'How late: the poll queue (s) and the stream (ms)',
            [pollQueue.metricApproximateAgeOfOldestMessage(fiveMinutes)],
            [functions.alert.metric('IteratorAge', fiveMinutes)],
          ),
        ],
        [
          graph('Units of the table an hour', [
            table.metricConsumedWriteCapacityUnits({ ...hour, statistic: 'Sum' }),
            table.metricConsumedReadCapacityUnits({ ...hour, statistic: 'Sum' }),
          ]),
          graph(
            'How long a run takes, p95 (ms)',
            runs.map((fn) => fn.metricDuration({ ...hour, statistic: 'p95' })),
          ),
        ],
      ],
    });
  }
}
