import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { CfnApi, CfnAuthorizer, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Handler } from './handler.ts';
import type { SignIn } from './sign-in.ts';

/** The routes that anybody may call, and why each has to be one. */
const publicRoutes: Readonly<Record<string, string>> = {
  'GET /': 'The shell of the page, the same for everybody and without data: a browser needs it to sign in at all.',
  'GET /r/{token}': 'A link out of an alert, opened by a reader without an account: api checks what it is signed with.',
  'POST /r/{token}': 'The form behind such a link, sent by the same reader: api checks what it is signed with.',
  'GET /web/{file}':
    'Script and style of that shell, the same for everybody and without data: it has none to show before sign-in.',
  'GET /config.json':
    'Where to sign in: a browser has to know the pool and its domain before anybody can have a token.',
};

const readerRoutes = ['GET /r/{token}', 'POST /r/{token}'];
/** A reader opens a link now and then; somebody who tries tokens shall be slow, and take nothing from the others. */
const readerThrottle = { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 20 };

/** What the log of calls says: never the path, which may hold a subscriber's token. */
const accessLog = {
  requestId: '$context.requestId',
  at: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  bytes: '$context.responseLength',
  ms: '$context.responseLatency',
  error: '$context.error.message',
};

/** The address of the page, the API and the readers' links. Made before api, whose alerts' links begin with it. */
export class HttpApi extends Construct {
  readonly api: CfnApi;
  readonly url: string;
  readonly #stage: CfnStage;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.api = new CfnApi(this, 'Api', { name: Stack.of(this).stackName, protocolType: 'HTTP' });
    this.url = this.api.attrApiEndpoint;
    const calls = new LogGroup(this, 'Calls', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#stage = new CfnStage(this, 'Stage', {
      apiId: this.api.ref,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: { destinationArn: calls.logGroupArn, format: JSON.stringify(accessLog) },
      // A newsroom reads by hand; a flood is refused before it costs an invocation.
      defaultRouteSettings: { throttlingRateLimit: 50, throttlingBurstLimit: 100 },
    });
  }

  /** Sends every route to one function; the private ones only with a token of the sign-in. */
  serve(handler: Handler, signIn: SignIn): void {
    const integration = new CfnIntegration(this, 'Integration', {
      apiId: this.api.ref,
      integrationType: 'AWS_PROXY',
      integrationUri: handler.function.functionArn,
      payloadFormatVersion: '2.0',
    });
    const target = `integrations/${integration.ref}`;
    const authorizer = new CfnAuthorizer(this, 'SignedIn', {
      apiId: this.api.ref,
      name: 'SignedIn',
      authorizerType: 'JWT',
      identitySource: ['$request.header.Authorization'],
      jwtConfiguration: { issuer: signIn.issuer, audience: [signIn.clientId] },
    });
    new CfnRoute(this, 'Private', {
      apiId: this.api.ref,
      routeKey: 'ANY /api/{proxy+}',
      authorizationType: 'JWT',
      authorizerId: authorizer.ref,
      target,
    });
    for (const [index, [routeKey, reason]] of Object.entries(publicRoutes).entries()) {
      const route = new CfnRoute(this, `Public${index}`, {
        apiId: this.api.ref,
        routeKey,
        authorizationType: 'NONE',
        target,
      });
      Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason });
      // A stage with settings for a route that is not there yet is refused.
      this.#stage.addResourceDependency(route);
    }
    this.#stage.routeSettings = Object.fromEntries(readerRoutes.map((routeKey) => [routeKey, readerThrottle]));
    new CfnPermission(this, 'MayCall', {
      action: 'lambda:InvokeFunction',
      functionName: handler.function.functionArn,
      principal: 'apigateway.amazonaws.com',
      sourceArn: Stack.of(this).formatArn({ service: 'execute-api', resource: this.api.ref, resourceName: '*' }),
    });
  }

  openAddress(handler: Handler): void {
    handler.env('PUBLIC_URL', this.url);
  }
}
