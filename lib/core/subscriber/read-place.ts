import { nearest } from '../config/nearest.ts';
import { languageTag } from '../feed/language-tag.ts';
import { quoted, type Read, refuse } from './refusal.ts';

/** An IANA zone. An offset such as +01:00 is none: it knows no summer time. */
export function readTimeZone(field: string, value: unknown): Read<string> {
  const zones = Intl.supportedValuesOf('timeZone');
  const text = typeof value === 'string' ? value.trim() : '';
  const listed = ['UTC', ...zones].find((zone) => zone.toLowerCase() === text.toLowerCase());
  if (listed !== undefined) return { value: listed };
  // Older names, such as Asia/Calcutta, are not listed and understood all the same.
  if (/^[A-Za-z]+\/[A-Za-z0-9_/+-]+$/.test(text) && isZone(text)) return { value: text };
  const city = zones.find((zone) => zone.toLowerCase().endsWith(`/${text.toLowerCase().replaceAll(' ', '_')}`));
  const meant = city ?? nearest(text, zones) ?? null;
  const remedy = meant === null ? 'write an IANA name like Europe/Paris' : `did you mean "${meant}"?`;
  return refuse(field, `${quoted(value)} is not a time zone; ${remedy}`);
}

function isZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

/** Primary language subtags; names in English and tags with a region are taken for them. */
export function readLangs(field: string, value: unknown): Read<readonly string[]> {
  if (!Array.isArray(value)) return refuse(field, `${quoted(value)} is no list of languages; write [] for every one`);
  const langs: string[] = [];
  for (const each of value.slice(0, 50)) {
    const tag = typeof each === 'string' ? languageTag(each) : null;
    const primary = tag?.split('-')[0] ?? '';
    if (languageName(primary) === null) {
      const meant = typeof each === 'string' ? codeOf(each) : null;
      const remedy = meant === null ? 'write a code such as en, fa or zh' : `did you mean "${meant}"?`;
      return refuse(field, `${quoted(each)} is not a language; ${remedy}`);
    }
    langs.push(primary);
  }
  return { value: [...new Set(langs)] };
}

const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });

export function languageName(code: string): string | null {
  return /^[a-z]{2,3}$/.test(code) && code !== 'und' ? (names.of(code) ?? null) : null;
}

/** The code of the language whose English name is nearest. */
function codeOf(name: string): string | null {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const codes = letters.flatMap((first) => letters.map((second) => first + second));
  const byName = new Map(codes.flatMap((code) => (languageName(code) === null ? [] : [[languageName(code), code]])));
  const near = nearest(
    name,
    [...byName.keys()].filter((each) => each !== null && each !== undefined),
  );
  return near === null ? null : (byName.get(near) ?? null);
}
