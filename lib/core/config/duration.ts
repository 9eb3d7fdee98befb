const unitSeconds = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** Reads `90s`, `15m`, `6h` or `2d` as seconds; null for anything else. */
export function durationSeconds(text: string): number | null {
  const found = /^(\d{1,6})\s*([smhd])$/.exec(text.trim());
  if (found === null) return null;
  return Number(found[1]) * unitSeconds[found[2] as keyof typeof unitSeconds];
}
