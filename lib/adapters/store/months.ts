/** The months from `until` back to `since`, newest first, as `2026-11`. Both are ISO 8601 in UTC. */
export function monthsBetween(since: string, until: string): readonly string[] {
  const months: string[] = [];
  let year = Number(until.slice(0, 4));
  let month = Number(until.slice(5, 7));
  const first = since.slice(0, 7);
  // Two hundred years bound a window typed wrong.
  while (months.length < 2_400) {
    const name = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
    if (name < first) break;
    months.push(name);
    month -= 1;
    if (month === 0) {
      month = 12;
      year -= 1;
    }
  }
  return months;
}
