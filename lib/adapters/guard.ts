import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { buildConnector } from 'undici';

/** Resolves a name to all its addresses; the system's resolver unless a test brings its own. */
export type LookUp = (hostname: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

/** The `code` of errors thrown by the guard itself, to tell them from the network's. */
export const guardRefusal = 'ERR_REFUSED_BY_GUARD';

/** Azure's metadata and DNS service: the one public address that answers from inside. */
const publicButInside = new Set(['168.63.129.16']);
const globalUnicastV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Whether an address, in any spelling, lies on the public internet. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // `process` turns mapped addresses (::ffff:127.0.0.1) into what they stand for.
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast' || publicButInside.has(parsed.toString())) return false;
  // ipaddr.js calls unicast what it has no name for, such as ::7f00:1; only 2000::/3 was ever given out.
  return parsed.kind() === 'ipv4' || parsed.match(globalUnicastV6);
}

/** Why an address of a feed must not be asked for, or null where the guard lets it pass so far. */
export function refusedUrl(url: URL, allowHosts: readonly string[] = []): string | null {
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `only http and https are fetched, not ${url.protocol}`;
  if (url.username !== '' || url.password !== '') return 'an address with a user name or password is not fetched';
  if (isAllowedHost(url.hostname, portOf(url.protocol, url.port), allowHosts)) return null;
  return refusedLiteral(url.hostname);
}

/**
 * A connector for undici that connects to public addresses alone. Literal addresses are checked here, because net never
 * looks them up; names are checked inside the very look-up whose answer is connected to, so that nothing can be rebound
 * between the check and the connection. Every address of a name must be public, not only the one that is taken.
 * @param allowHosts `host:port` pairs exempt from the guard, exactly as they stand in the URL
 */
export function guardedConnector(options: {
  readonly allowHosts: readonly string[];
  readonly connectTimeoutMs: number;
  readonly lookUp?: LookUp;
}): buildConnector.connector {
  const lookUp = options.lookUp ?? ((hostname) => systemLookup(hostname, { all: true, verbatim: true }));
  // One protocol, one known behaviour: HTTP/2 would bring limits of its own to watch.
  const base = { timeout: options.connectTimeoutMs, allowH2: false };
  const guarded = buildConnector({ ...base, lookup: lookupFor(lookUp, true) });
  const exempt = buildConnector({ ...base, lookup: lookupFor(lookUp, false) });
  return (target, callback) => {
    if (isAllowedHost(target.hostname, portOf(target.protocol, target.port), options.allowHosts)) {
      exempt(target, callback);
      return;
    }
    const refused = refusedLiteral(target.hostname);
    if (refused === null) guarded(target, callback);
    else callback(refusal(refused), null);
  };
}

function refusal(message: string): Error {
  return Object.assign(new Error(message), { code: guardRefusal });
}

/** Null for names: what they stand for is only known when they are looked up. */
function refusedLiteral(hostname: string): string | null {
  const literal = hostname.replace(/^\[|\]$/g, '');
  if (!ipaddr.isValid(literal) || isPublicAddress(literal)) return null;
  return `${literal} is not a public address`;
}

function portOf(protocol: string, port: string): string {
  return port === '' ? (protocol === 'https:' ? '443' : '80') : port;
}

function isAllowedHost(hostname: string, port: string, allowHosts: readonly string[]): boolean {
  const host = hostname.toLowerCase();
  const bare = host.replace(/^\[|\]$/g, '');
  return allowHosts.some((allowed) => {
    const pair = allowed.toLowerCase();
    return pair === `${host}:${port}` || pair === `[${bare}]:${port}`;
  });
}

/** In the form that net.connect calls, for one answer (`all: false`) and for many. */
function lookupFor(lookUp: LookUp, guard: boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookUp(hostname).then(
      (answers) => {
        const family = options.family === 4 || options.family === 'IPv4' ? 4 : options.family === 6 ? 6 : 0;
        const inside = guard ? answers.find((answer) => !isPublicAddress(answer.address)) : undefined;
        if (inside !== undefined) {
          callback(refusal(`${hostname} stands for ${inside.address}, which is not a public address`), '', 0);
          return;
        }
        const usable = answers.filter((answer) => family === 0 || answer.family === family);
        const first = usable[0];
        if (first === undefined) {
          callback(Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' }), '', 0);
        } else if (options.all) callback(null, [...usable]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}
