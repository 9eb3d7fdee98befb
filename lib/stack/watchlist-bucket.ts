import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Handler } from './handler.ts';

/** Under which apply keeps the versions. */
const prefix = 'watchlists/';

/** Every compiled watchlist that was ever live; the table says which one is. */
export class WatchlistBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      versioned: true,
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // CloudFormation deletes only an empty bucket, and this one never is.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Holds compiled watchlists alone, read and written by four roles of this stack; every write is also a row of the table that says who applied it, so an access log would only cost a second bucket.',
    });
  }

  openForReading(handler: Handler): void {
    handler.env('BUCKET', this.bucket.bucketName);
    handler.allow(['s3:GetObject'], this.bucket.arnForObjects(`${prefix}*`));
    this.#acknowledgeAnyKey(handler, 'reads');
  }

  openForWriting(handler: Handler): void {
    handler.env('BUCKET', this.bucket.bucketName);
    handler.allow(['s3:GetObject', 's3:PutObject'], this.bucket.arnForObjects(`${prefix}*`));
    this.#acknowledgeAnyKey(handler, 'writes');
  }

  #acknowledgeAnyKey(handler: Handler, verb: string): void {
    handler.acknowledgeWildcard(
      `Resource::<${this.bucket.stack.getLogicalId(this.bucket.node.defaultChild as never)}.Arn>/${prefix}*`,
      `${verb} versions of the compiled watchlist, whose keys are known only once they are written; the bucket holds nothing else.`,
    );
  }
}
