/**
 * Lambda's event filters. Objects are matched by all of their keys, a list by any of its elements.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 */
export type EventPattern = { readonly [key: string]: EventPattern | readonly unknown[] };

/** Throws where a pattern uses a comparison that is not known here, so that it is seen at the start. */
export function parseEventPattern(text: string): EventPattern {
  const pattern = JSON.parse(text) as EventPattern;
  matches(pattern, {});
  return pattern;
}

export function matches(pattern: EventPattern, value: unknown): boolean {
  if (Array.isArray(pattern.$or)) {
    const { $or, ...rest } = pattern;
    return ($or as EventPattern[]).map((each) => matches(each, value)).includes(true) && matches(rest, value);
  }
  // Every key is looked at, so that an unknown comparison is found whatever the value is.
  return Object.entries(pattern)
    .map(([key, wanted]) => {
      const found = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
      if (!Array.isArray(wanted)) return matches(wanted as EventPattern, found);
      const candidates = Array.isArray(found) ? found : [found];
      return wanted.map((each) => candidates.some((candidate) => matchesOne(each, candidate))).includes(true);
    })
    .every(Boolean);
}

function matchesOne(wanted: unknown, found: unknown): boolean {
  if (wanted === null || typeof wanted !== 'object') return found === wanted;
  const [operator, argument] = Object.entries(wanted)[0] ?? [];
  switch (operator) {
    case 'prefix':
      return typeof found === 'string' && found.startsWith(String(argument));
    case 'suffix':
      return typeof found === 'string' && found.endsWith(String(argument));
    case 'equals-ignore-case':
      return typeof found === 'string' && found.toLowerCase() === String(argument).toLowerCase();
    case 'exists':
      return (found !== undefined) === argument;
    case 'anything-but':
      return found !== undefined && !(Array.isArray(argument) ? argument : [argument]).includes(found);
    case 'numeric':
      return typeof found === 'number' && inRange(found, argument as readonly (string | number)[]);
    default:
      throw new Error(`event pattern: unknown comparison ${JSON.stringify(wanted)}`);
  }
}

function inRange(found: number, comparisons: readonly (string | number)[]): boolean {
  for (let at = 0; at < comparisons.length; at += 2) {
    const bound = Number(comparisons[at + 1]);
    const holds = {
      '=': found === bound,
      '<': found < bound,
      '<=': found <= bound,
      '>': found > bound,
      '>=': found >= bound,
    };
    const sign = String(comparisons[at]);
    if (!(sign in holds)) throw new Error(`event pattern: unknown numeric comparison ${sign}`);
    if (!holds[sign as keyof typeof holds]) return false;
  }
  return true;
}
