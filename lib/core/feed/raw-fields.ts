import type { RawRecord, RawValue } from './parse-xml.ts';

/** Every occurrence of the first of these fields that has any. */
export function valuesOf(record: RawRecord, name: string): readonly RawValue[] {
  const values = record[name];
  return Array.isArray(values) ? values : [];
}

export function textOfValue(value: RawValue): string {
  return typeof value === 'string' ? value : (value._ ?? '');
}

export function attributeOf(value: RawValue, name: string): string | null {
  if (typeof value === 'string') return null;
  return value.$?.[name] ?? null;
}

/** An attribute of the entry or the feed itself. */
export function ownAttribute(record: RawRecord, name: string): string | null {
  const attributes = record.$;
  if (attributes === undefined || Array.isArray(attributes)) return null;
  return (attributes as Readonly<Record<string, string>>)[name] ?? null;
}

/** The first value of the first of these fields for which `read` finds something. */
export function firstOf<T>(record: RawRecord, names: readonly string[], read: (value: RawValue) => T | null): T | null {
  for (const name of names) {
    for (const value of valuesOf(record, name)) {
      const found = read(value);
      if (found !== null && found !== '') return found;
    }
  }
  return null;
}
