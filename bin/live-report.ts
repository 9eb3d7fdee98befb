import { plainLine } from '../lib/core/alert/plain-text.ts';
import type { LocalEvent } from '../lib/local/local-event.ts';
import { say, styled } from './output.ts';
import type { Tally } from './run-summary.ts';

/** Shows a running local system to a person: its start, feeds that change state, matches, alerts, and what went wrong. */
export function liveReport(tally: Tally, options: { readonly quiet: boolean; readonly feeds: number }) {
  const tell = options.quiet ? () => {} : say;
  const progress = pollProgress(options.feeds, options.quiet);

  const functionLine = (fields: Readonly<Record<string, unknown>>) => {
    const line = { ...fields, event: fields.message };
    tally.count(line);
    if (line.event === 'batch polled') progress.advance(tally.polled);
    if (line.event === 'feed state' && fields.to !== 'ok') {
      tell(`${dim('feed')}    ${fields.feed} is ${fields.to}: ${text(fields.problem)}`);
    }
    if (line.event === 'decided') {
      const seeded = fields.tell === true ? '' : dim(' (told nobody: seeded or old)');
      tell(
        `${styled('cyan', 'match', process.stderr)}   ${text(fields.title)} ${dim(`[${list(fields.matched)}]`)}${seeded}`,
      );
    }
    if (fields.level === 'ERROR')
      tell(`${styled('red', 'error', process.stderr)}   ${text(fields.message)}: ${text(fields.error)}`);
  };

  return {
    event(event: LocalEvent): void {
      if (event.kind === 'step') tell(`${dim('start')}   ${event.message} ${dim(`${(event.ms / 1000).toFixed(1)} s`)}`);
      if (event.kind === 'warning') tell(`${styled('yellow', 'warning', process.stderr)} ${event.message}`);
      if (event.kind === 'error') say(`${styled('red', 'error', process.stderr)}   ${event.message}`);
      if (event.kind === 'function-log' && event.fields !== null) functionLine(event.fields);
      if (event.kind === 'invocation' && event.error !== null) {
        say(
          `${styled('red', 'error', process.stderr)}   function ${event.function}: ${plainLine(event.error).slice(0, 300)}`,
        );
      }
    },
    alert(message: { readonly channel: string; readonly subject: string | null; readonly body: string }): void {
      const why = message.body
        .split('\n')
        .filter((line) => line.startsWith('- '))
        .map(plainLine);
      tell(
        `${styled('green', 'alert', process.stderr)}   ${message.channel}: ${plainLine(message.subject ?? message.body)}`,
      );
      for (const line of why.slice(0, 2)) tell(`          ${dim(line)}`);
    },
  };
}

/** Counts the polls of the first round: one line that is written over on a terminal, a line each tenth elsewhere. */
function pollProgress(feeds: number, quiet: boolean) {
  let shown = 0;
  return {
    advance(polled: number): void {
      const done = Math.min(polled, feeds);
      if (quiet || shown >= feeds || done === shown) return;
      shown = done;
      const line = `polling  ${'█'.repeat(Math.round((20 * done) / feeds)).padEnd(20, '░')} ${done} of ${feeds} feeds`;
      if (process.stderr.isTTY) process.stderr.write(`\r${line}${done === feeds ? '\n' : ''}`);
      else say(line);
    },
  };
}

function dim(words: string): string {
  return styled('dim', words, process.stderr);
}

function text(value: unknown): string {
  return plainLine(typeof value === 'string' ? value : JSON.stringify(value ?? '')).slice(0, 300);
}

function list(value: unknown): string {
  return Array.isArray(value) ? value.join(' ') : '';
}
