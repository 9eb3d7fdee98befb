import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ApplicationLogLevel, Architecture, LoggingFormat, Runtime, SystemLogLevel } from 'aws-cdk-lib/aws-lambda';
import { type ICommandHooks, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export type Verb = 'schedule' | 'poll' | 'alert' | 'digest' | 'apply' | 'api';

export type HandlerProps = {
  readonly description: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly commandHooks?: ICommandHooks;
};

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

// esbuild leaves `require` of Node's own modules in the CommonJS packages it folds into an ES module.
const requireInModules =
  "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);";

/** One function: `functions/<verb>.ts` as one bundle, with a role and a log group of its own and no right but what is given. */
export class Handler extends Construct {
  readonly function: NodejsFunction;
  readonly #role: Role;

  constructor(scope: Construct, verb: Verb, props: HandlerProps) {
    super(scope, 'Handler');
    const logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.function = new NodejsFunction(this, 'Function', {
      description: props.description,
      entry: `${projectRoot}functions/${verb}.ts`,
      projectRoot,
      depsLockFilePath: `${projectRoot}package-lock.json`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      role: this.#role,
      logGroup,
      // Our lines are JSON as they are. Lambda's own of an invocation, its start, its end and its report, are more bytes than
      // ours and paid by the byte; at this level it writes those of failed ones alone. Durations and errors are metrics:
      // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      // Keeps connections alive by default since SDK v3; the variable is for v2 alone.
      awsSdkConnectionReuse: false,
      bundling: {
        format: OutputFormat.ESM,
        mainFields: ['module', 'main'],
        target: 'node24',
        minify: true,
        bundleAwsSDK: true,
        banner: requireInModules,
        commandHooks: props.commandHooks,
      },
      environment: {
        POWERTOOLS_SERVICE_NAME: verb,
        // Stages of one account keep their figures apart.
        POWERTOOLS_METRICS_NAMESPACE: Stack.of(this).stackName,
        POWERTOOLS_LOG_LEVEL: 'INFO',
      },
    });
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn);
  }

  env(name: string, value: string): void {
    this.function.addEnvironment(name, value);
  }

  allow(actions: readonly string[], ...resources: readonly string[]): void {
    this.#role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
  }

  /** Says why a resource that cdk-nag sees end in a star is as narrow as it can be. `finding` is what stands in nag's brackets. */
  acknowledgeWildcard(finding: string, reason: string): void {
    Validations.of(this.#role).acknowledge({ id: `AwsSolutions-IAM5[${finding}]`, reason });
  }
}
