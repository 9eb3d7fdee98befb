const utc = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });
const timeOfDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayAndYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** In the reader's zone, with the day where it is not today; in UTC in the title. */
export function Time({ at }: { readonly at: string }) {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return <span>{at}</span>;
  return (
    <time dateTime={at} title={`${utc.format(time)} UTC`}>
      {shortTime(time, new Date())}
    </time>
  );
}

export function shortTime(time: Date, now: Date): string {
  const clock = timeOfDay.format(time);
  if (time.toDateString() === now.toDateString()) return clock;
  const date = time.getFullYear() === now.getFullYear() ? day.format(time) : dayAndYear.format(time);
  return `${date}, ${clock}`;
}

/** `40 s`, `3 min`, `2.5 h`, `4 d`. */
export function span(seconds: number): string {
  const round = (value: number) => (value < 9.95 ? Math.round(value * 10) / 10 : Math.round(value));
  if (seconds < 90) return `${round(seconds)} s`;
  if (seconds < 5_400) return `${round(seconds / 60)} min`;
  if (seconds < 129_600) return `${round(seconds / 3_600)} h`;
  return `${round(seconds / 86_400)} d`;
}

/** A sentence of the API's, its times in the reader's zone. */
export function Sentence({ text }: { readonly text: string }) {
  const pieces = text.split(/(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z)/);
  return <>{pieces.map((piece, index) => (index % 2 === 1 ? <Time key={index} at={piece} /> : piece))}</>;
}
