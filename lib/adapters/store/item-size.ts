/**
 * Bytes that DynamoDB counts for an item: names and strings in UTF-8, binary as it is, numbers one byte for two digits
 * and one more, a byte for null and booleans, three for a list or map and one more for each of its elements.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Readonly<Record<string, unknown>>): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => (value === undefined ? sum : sum + Buffer.byteLength(name) + valueBytes(value)),
    0,
  );
}

function valueBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return numberBytes(value);
  if (value instanceof Uint8Array) return value.byteLength;
  if (Array.isArray(value)) return 3 + value.reduce((sum: number, inner) => sum + 1 + valueBytes(inner), 0);
  if (value !== null && typeof value === 'object') {
    return 3 + Object.keys(value).length + itemBytes(value as Record<string, unknown>);
  }
  return 1;
}

/** Approximate, as AWS calls it: significant digits in pairs, one byte over, one for a minus sign. */
function numberBytes(value: number): number {
  const digits = String(Math.abs(value)).replace(/[.]|e.*$/g, '').length;
  return Math.ceil(digits / 2) + 1 + (value < 0 ? 1 : 0);
}
