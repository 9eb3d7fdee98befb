/** Where the reader is: a view, and the filters on it. It stands behind the `#` of the page's address, all of it. */
export type Address = {
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
};

export const home: Address = { path: [], query: {} };

export function readAddress(hash: string): Address {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  return {
    path: path.split('/').filter(Boolean).map(decoded),
    query: Object.fromEntries([...new URLSearchParams(query)].filter(([, value]) => value !== '')),
  };
}

/** Empty values are left out, so that one state of the page has one address. */
export function writeAddress(
  path: readonly string[],
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const filled = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const search = new URLSearchParams(filled.sort(([a], [b]) => (a < b ? -1 : 1))).toString();
  return `#/${path.map(encodeURIComponent).join('/')}${search === '' ? '' : `?${search}`}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The same question for the API. */
export function apiPath(path: string, query: Readonly<Record<string, string | undefined>> = {}): string {
  const filled = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const search = new URLSearchParams(filled).toString();
  return `/api/${path}${search === '' ? '' : `?${search}`}`;
}
