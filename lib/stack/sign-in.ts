import { Aws, CfnCondition, Duration, Fn, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnUserPoolGroup,
  CfnUserPoolUser,
  CfnUserPoolUserToGroupAttachment,
  FeaturePlan,
  ManagedLoginVersion,
  Mfa,
  OAuthScope,
  UserPool,
  UserPoolClient,
  UserPoolClientIdentityProvider,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';

export type SignInProps = {
  readonly keep: boolean;
  /** Where the page lies: sign-in leads back there. */
  readonly pageUrl: string;
  readonly firstEditor?: string;
};

/** Who may open the page: readers look, editors change. Accounts are made by an administrator, never by the visitor. */
export class SignIn extends Construct {
  readonly issuer: string;
  readonly clientId: string;
  readonly url: string;

  constructor(scope: Construct, id: string, { keep, pageUrl, firstEditor }: SignInProps) {
    super(scope, id);
    const pool = new UserPool(this, 'Pool', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(7),
      },
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      featurePlan: FeaturePlan.ESSENTIALS,
      deletionProtection: keep,
      removalPolicy: keep ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    Validations.of(pool).acknowledge({
      id: 'AwsSolutions-COG8',
      reason:
        'Threat protection is sold by the active user. A newsroom has a few accounts, all made by hand, each with a second factor.',
    });
    const client = new UserPoolClient(this, 'Page', {
      userPool: pool,
      // The page runs in a browser, which can keep no secret: the code flow with PKCE needs none.
      generateSecret: false,
      preventUserExistenceErrors: true,
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL],
        callbackUrls: [`${pageUrl}/`],
        logoutUrls: [`${pageUrl}/`],
      },
    });
    const domain = pool.addDomain('Domain', {
      cognitoDomain: { domainPrefix: `${Stack.of(this).stackName.toLowerCase()}-${this.#mark()}` },
      managedLoginVersion: ManagedLoginVersion.CLASSIC_HOSTED_UI,
    });
    this.#addGroups(pool, firstEditor);
    this.issuer = pool.userPoolProviderUrl;
    this.clientId = client.userPoolClientId;
    this.url = `https://${domain.domainName}.${this.#signInHost()}.${Stack.of(this).region}.amazoncognito.com`;
  }

  /** GovCloud has the sign-in under another name: https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-cog.html */
  #signInHost(): string {
    const isGovCloud = new CfnCondition(this, 'IsGovCloud', {
      expression: Fn.conditionEquals(Aws.PARTITION, 'aws-us-gov'),
    });
    return Fn.conditionIf(isGovCloud.logicalId, 'auth-fips', 'auth').toString();
  }

  /** Eight digits of the stack's own id: the domain has to be unique in the region, among all accounts. */
  #mark(): string {
    const uuid = Fn.select(2, Fn.split('/', Stack.of(this).stackId));
    return Fn.select(0, Fn.split('-', uuid));
  }

  #addGroups(pool: UserPool, firstEditor: string | undefined): void {
    const userPoolId = pool.userPoolId;
    new CfnUserPoolGroup(this, 'Readers', { userPoolId, groupName: 'reader', description: 'May look' });
    const editors = new CfnUserPoolGroup(this, 'Editors', {
      userPoolId,
      groupName: 'editor',
      description: 'May look and change',
    });
    if (firstEditor === undefined) return;
    const user = new CfnUserPoolUser(this, 'FirstEditor', {
      userPoolId,
      username: firstEditor,
      desiredDeliveryMediums: ['EMAIL'],
      userAttributes: [
        { name: 'email', value: firstEditor },
        { name: 'email_verified', value: 'true' },
      ],
    });
    new CfnUserPoolUserToGroupAttachment(this, 'FirstEditorIsEditor', {
      userPoolId,
      username: user.ref,
      groupName: editors.ref,
    });
  }
}
