import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Handler } from './handler.ts';

/** Calls one function at a fixed rate, with a role that can do nothing else. */
export class Ticker extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { handler, rate, undelivered }: { readonly handler: Handler; readonly rate: string; readonly undelivered: IQueue },
  ) {
    super(scope, id);
    const ours = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: ours }),
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.function.functionArn] }),
    );
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [undelivered.queueArn] }));
    const schedule = new CfnSchedule(this, 'Schedule', {
      scheduleExpression: rate,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: handler.function.functionArn,
        roleArn: role.roleArn,
        deadLetterConfig: { arn: undelivered.queueArn },
        // The next tick does the work of a lost one, so an old tick is not worth keeping.
        retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 1 },
      },
    });
    schedule.node.addDependency(role);
  }
}
