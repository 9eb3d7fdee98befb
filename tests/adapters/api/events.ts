/**
 * An event as an HTTP API sends it, payload format 2.0, by the example in AWS's manual; `claims` are those of a checked
 * token, null where the route asks for none.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpApiEvent(
  method: string,
  path: string,
  claims: Readonly<Record<string, unknown>> | null,
  body?: string,
) {
  const [rawPath = '/', rawQueryString = ''] = path.split('?');
  const routeKey = claims === null ? `${method} ${rawPath}` : 'ANY /api/{proxy+}';
  const token = { iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc', token_use: 'access', sub: 'a-b-c' };
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString,
    headers: {
      accept: '*/*',
      authorization: 'Bearer eyJraWQ',
      'content-length': String(body?.length ?? 0),
      host: 'abc123.execute-api.eu-west-1.amazonaws.com',
      'x-forwarded-for': '192.0.2.7',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
    },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abc123',
      ...(claims === null ? {} : { authorizer: { jwt: { claims: { ...token, ...claims }, scopes: null } } }),
      domainName: 'abc123.execute-api.eu-west-1.amazonaws.com',
      domainPrefix: 'abc123',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.7', userAgent: 'curl/8' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey,
      stage: '$default',
      time: '24/Nov/2026:09:00:00 +0000',
      timeEpoch: 1_795_510_800_000,
    },
    ...(body === undefined ? {} : { body }),
    isBase64Encoded: false,
  };
}

/** The event by which the commands invoke the function themselves: no HTTP API has put its id into it. */
export function commandEvent(method: string, path: string, body?: string) {
  const { requestContext, ...event } = httpApiEvent(method, path, null, body);
  const { http, domainName } = requestContext;
  return { ...event, headers: { host: 'wirewatch.invalid' }, requestContext: { http, domainName } };
}
