import * as oauth from 'oauth4webapi';
import type { Session } from './api/client.ts';

export type SignInConfig = { readonly issuer: string; readonly clientId: string; readonly domain: string };

export type Role = 'reader' | 'editor';

export type SignedIn = Session & {
  /** As the token says; the API checks for itself. */
  readonly role: Role;
  readonly name: string;
  /** Null where nobody signs in. */
  readonly signOut: (() => void) | null;
};

/** On one machine whoever reaches the page is an editor. */
export const nobodySignsIn: SignedIn = {
  role: 'editor',
  name: '',
  signOut: null,
  token: async () => undefined,
  renew: async () => false,
};

/** Kept for as long as the tab lives, and no longer. */
type Tokens = { readonly access: string; readonly refresh: string | null; readonly name: string };
type Begun = { readonly verifier: string; readonly state: string; readonly nonce: string; readonly hash: string };

const tokensKey = 'wirewatch-tokens';
const begunKey = 'wirewatch-sign-in';

/**
 * The code flow with PKCE (RFC 7636) on Cognito's own pages. Leaves the page, and does not return, where the reader has
 * to sign in. https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-userpools-server-contract-reference.html
 */
export async function cognitoSignIn(config: SignInConfig): Promise<SignedIn> {
  const { server, client } = parties(config);
  const redirect = `${location.origin}/`;
  const { searchParams } = new URL(location.href);
  let tokens = read<Tokens>(tokensKey);
  if (searchParams.has('code') || searchParams.has('error')) tokens = await finish(server, client, redirect);
  if (tokens === null) return leave(server, client, redirect);
  let current: Tokens = tokens;
  let renewing: Promise<boolean> | null = null;

  const renew = async (): Promise<boolean> => {
    const renewed = current.refresh === null ? null : await refreshed(server, client, current);
    if (renewed === null) return leave(server, client, redirect);
    current = renewed;
    sessionStorage.setItem(tokensKey, JSON.stringify(current));
    return true;
  };
  return {
    role: roleIn(current.access),
    name: current.name,
    signOut: () => {
      sessionStorage.removeItem(tokensKey);
      location.assign(
        `${config.domain}/logout?${new URLSearchParams({ client_id: config.clientId, logout_uri: redirect })}`,
      );
    },
    token: async () => current.access,
    // Several questions may be refused at once, by one token that has ended.
    renew: () => {
      renewing ??= renew().finally(() => {
        renewing = null;
      });
      return renewing;
    },
  };
}

function parties({ issuer, clientId, domain }: SignInConfig) {
  const server: oauth.AuthorizationServer = {
    issuer,
    authorization_endpoint: `${domain}/oauth2/authorize`,
    token_endpoint: `${domain}/oauth2/token`,
  };
  const client: oauth.Client = { client_id: clientId };
  return { server, client };
}

async function leave(server: oauth.AuthorizationServer, client: oauth.Client, redirect: string): Promise<never> {
  const begun: Begun = {
    verifier: oauth.generateRandomCodeVerifier(),
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    hash: location.hash,
  };
  sessionStorage.removeItem(tokensKey);
  sessionStorage.setItem(begunKey, JSON.stringify(begun));
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: redirect,
    scope: 'openid email',
    state: begun.state,
    nonce: begun.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(begun.verifier),
    code_challenge_method: 'S256',
  });
  location.assign(`${server.authorization_endpoint}?${query}`);
  return new Promise<never>(() => {});
}

/** Throws where Cognito refused or the answer is not to what this tab asked. */
async function finish(
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  redirect: string,
): Promise<Tokens | null> {
  const begun = read<Begun>(begunKey);
  sessionStorage.removeItem(begunKey);
  const url = new URL(location.href);
  history.replaceState(null, '', `/${begun?.hash ?? ''}`);
  // An old address from the history: begin anew.
  if (begun === null) return null;
  const parameters = oauth.validateAuthResponse(server, client, url, begun.state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    redirect,
    begun.verifier,
  );
  const result = await oauth.processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: begun.nonce,
    requireIdToken: true,
  });
  const email = oauth.getValidatedIdTokenClaims(result)?.email;
  const tokens = {
    access: result.access_token,
    refresh: result.refresh_token ?? null,
    name: typeof email === 'string' ? email : '',
  };
  sessionStorage.setItem(tokensKey, JSON.stringify(tokens));
  return tokens;
}

async function refreshed(
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  tokens: Tokens,
): Promise<Tokens | null> {
  try {
    const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), tokens.refresh ?? '');
    const result = await oauth.processRefreshTokenResponse(server, client, response);
    return { ...tokens, access: result.access_token, refresh: result.refresh_token ?? tokens.refresh };
  } catch {
    return null;
  }
}

function roleIn(accessToken: string): Role {
  const payload = accessToken.split('.')[1] ?? '';
  try {
    const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as Record<string, unknown>;
    const groups = claims['cognito:groups'];
    return Array.isArray(groups) && groups.includes('editor') ? 'editor' : 'reader';
  } catch {
    return 'reader';
  }
}

/** What this page itself wrote for this tab. */
function read<T>(key: string): T | null {
  const kept = sessionStorage.getItem(key);
  return kept === null ? null : (JSON.parse(kept) as T);
}
