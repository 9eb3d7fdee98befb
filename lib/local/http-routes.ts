import { PlainError } from '../core/plain-error.ts';

/** A route of the HTTP API and the function behind it. */
export type Route<Target> = {
  readonly method: string;
  readonly segments: readonly string[];
  readonly key: string;
  readonly authorized: boolean;
  readonly target: Target;
};

export type Routed<Target> = {
  readonly route: Route<Target>;
  readonly pathParameters: Readonly<Record<string, string>>;
};

const segment = /^(?:\{[A-Za-z0-9_.-]+\+?\}|[^{}]+)$/;

/** Reads `GET /s/{token}`, `ANY /api/{proxy+}` or `$default`. */
export function readRoute<Target>(key: string, authorized: boolean, target: Target): Route<Target> {
  if (key === '$default') return { method: 'ANY', segments: ['{proxy+}'], key, authorized, target };
  const [method, path] = key.split(' ');
  const segments = (path ?? '').split('/').slice(1);
  if (method === undefined || path === undefined || !segments.every((each) => each === '' || segment.test(each))) {
    throw new PlainError(`The local run cannot read the route ${key}.`);
  }
  return { method, segments, key, authorized, target };
}

/** The route that API Gateway would choose: a full match before a greedy one, a method before ANY, $default last. */
export function findRoute<Target>(
  routes: readonly Route<Target>[],
  method: string,
  path: string,
): Routed<Target> | undefined {
  const parts = path.split('/').slice(1);
  const found = routes.flatMap((route) => {
    if (route.method !== 'ANY' && route.method !== method) return [];
    const pathParameters = matchSegments(route.segments, parts);
    return pathParameters === null ? [] : [{ route, pathParameters }];
  });
  return found.sort((a, b) => rank(a.route) - rank(b.route))[0];
}

function matchSegments(segments: readonly string[], parts: readonly string[]): Record<string, string> | null {
  const parameters: Record<string, string> = {};
  for (const [index, each] of segments.entries()) {
    const greedy = /^\{(.+)\+\}$/.exec(each)?.[1];
    if (greedy !== undefined) {
      const rest = parts.slice(index).map(decode).join('/');
      // A greedy part needs something to take, but for $default, which takes anything.
      if (rest === '' && segments.length > 1) return null;
      return { ...parameters, [greedy]: rest };
    }
    const part = parts[index];
    const name = /^\{(.+)\}$/.exec(each)?.[1];
    if (part === undefined || (name === undefined ? part !== each : part === '')) return null;
    if (name !== undefined) parameters[name] = decode(part);
  }
  return segments.length === parts.length ? parameters : null;
}

function rank<Target>(route: Route<Target>): number {
  const variables = route.segments.filter((each) => each.startsWith('{')).length;
  return (
    (route.key === '$default' ? 1e6 : 0) +
    (route.segments.at(-1)?.endsWith('+}') ? 1e4 : 0) -
    route.segments.length * 100 +
    variables * 10 +
    (route.method === 'ANY' ? 1 : 0)
  );
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
