import { beforeAll, describe, expect, test } from 'vitest';
import { named, ofType, plain, type Synthesised, synthesise } from './synthesised.ts';

let dev: Synthesised['template'];
let prod: Synthesised['template'];

beforeAll(() => {
  dev = synthesise().template;
  prod = synthesise({ stage: 'prod', alertEmail: 'desk@example.org' }).template;
});

const properties = (type: string, beginning: string, template = dev) => named(template, type, beginning).Properties;

describe('the page and the API', () => {
  test('only the shell, where to sign in and signed links are public', () => {
    const routes = ofType(dev, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => [
      Properties.RouteKey,
      Properties.AuthorizationType,
    ]);
    expect(routes.sort()).toEqual([
      ['ANY /api/{proxy+}', 'JWT'],
      ['GET /', 'NONE'],
      ['GET /config.json', 'NONE'],
      ['GET /r/{token}', 'NONE'],
      ['GET /web/{file}', 'NONE'],
      ['POST /r/{token}', 'NONE'],
    ]);
  });

  test("readers' links have a throttle of their own, set once their routes are there", () => {
    const { RouteSettings } = properties('AWS::ApiGatewayV2::Stage', 'Web');
    const slow = { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 20 };
    expect(RouteSettings).toEqual({ 'GET /r/{token}': slow, 'POST /r/{token}': slow });
    const routes = ofType(dev, 'AWS::ApiGatewayV2::Route').filter(
      ([, route]) => RouteSettings[route.Properties.RouteKey],
    );
    expect(routes).toHaveLength(2);
    expect(named(dev, 'AWS::ApiGatewayV2::Stage', 'Web').DependsOn).toEqual(
      expect.arrayContaining(routes.map(([id]) => id)),
    );
  });

  test('a token is one of this stack, for this page', () => {
    const { JwtConfiguration } = properties('AWS::ApiGatewayV2::Authorizer', 'Web');
    expect(plain(JwtConfiguration.Issuer)).toBe('<SignInPool.ProviderURL>');
    expect(JwtConfiguration.Audience.map(plain)).toEqual(['<SignInPage>']);
  });

  test('the log of calls never holds a path, for a link out of an alert carries a token', () => {
    const { AccessLogSettings } = properties('AWS::ApiGatewayV2::Stage', 'Web');
    expect(AccessLogSettings.Format).toContain('$context.routeKey');
    expect(AccessLogSettings.Format).not.toMatch(/\$context\.(path|requestLine)|\$context\.http/);
  });

  test('accounts are made by an administrator, with a second factor; the alert e-mail is the first editor', () => {
    expect(properties('AWS::Cognito::UserPool', 'SignIn')).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      MfaConfiguration: 'ON',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
    });
    expect(properties('AWS::Cognito::UserPoolClient', 'SignIn')).toMatchObject({
      AllowedOAuthFlows: ['code'],
      GenerateSecret: false,
    });
    expect(properties('AWS::Cognito::UserPoolUser', 'SignIn', prod).Username).toBe('desk@example.org');
    expect(plain(properties('AWS::Cognito::UserPoolUserToGroupAttachment', 'SignIn', prod).GroupName)).toBe(
      '<SignInEditors>',
    );
    expect(ofType(dev, 'AWS::Cognito::UserPoolUser')).toEqual([]);
  });

  test('no other origin is let in', () => {
    const apis = ofType(dev, 'AWS::ApiGatewayV2::Api').map(([, { Properties }]) => Properties);
    expect(apis).toHaveLength(1);
    expect(apis[0]).not.toHaveProperty('CorsConfiguration');
  });
});
