import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { Handler } from './handler.ts';

/** The sparse index of what still needs work. */
const workIndex = 'byWork';

/** What a function may do with rows: the store uses no other action. */
export type RowAction = 'GetItem' | 'BatchGetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem';

/** The one table; decision 0001 says what lies under which key. */
export class StoryTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, { keep }: { readonly keep: boolean }) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expires',
      stream: StreamViewType.NEW_IMAGE,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: keep,
      removalPolicy: keep ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: workIndex,
      partitionKey: { name: 'workPk', type: AttributeType.STRING },
      sortKey: { name: 'workSk', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
  }

  /** Gives a function the table's name and its rights together. */
  open(handler: Handler, actions: readonly RowAction[], { workQueries = false } = {}): void {
    handler.env('TABLE', this.table.tableName);
    handler.allow(
      actions.map((action) => `dynamodb:${action}`),
      this.table.tableArn,
    );
    if (workQueries) handler.allow(['dynamodb:Query'], `${this.table.tableArn}/index/${workIndex}`);
  }

  /** What an event source needs to read the stream in a function's name. */
  openStream(handler: Handler): void {
    handler.allow(
      ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((action) => `dynamodb:${action}`),
      this.table.tableStreamArn as string,
    );
  }
}
