import { plainLine } from '../lib/core/alert/plain-text.ts';
import type { Evidence, NearMiss } from '../lib/core/watchlist/matched.ts';
import type { ExplainedStory, LiveReading } from '../lib/pipeline/explain.ts';
import { fitted, type Span, withMarks } from './fitted-lines.ts';
import { shortTime } from './output.ts';
import type { Terminal } from './table-text.ts';

/** A stored story's reasons as lines for a reader: broken to the width of a terminal, the words that matched marked. */
export function explainedLines(story: ExplainedStory, terminal: Terminal): readonly string[] {
  const evidence = story.match?.evidence ?? [];
  return [
    ...withMarks(story.title, spansIn('title', story.title, evidence), terminal),
    ...withMarks(story.summary, spansIn('summary', story.summary, evidence), terminal),
    ...reasonLines(story).flatMap((line) => fitted(line, headings.test(line), terminal)),
  ];
}

/** Lines that stand above others. */
const headings = /^(matched, priority |told$|nearly$)/;

function reasonLines(story: ExplainedStory): readonly string[] {
  return [
    plainLine(
      `${story.outlet} (${story.feed}), ${story.lang}, published ${shortTime(story.published)}, first seen ${shortTime(story.seen)}`,
    ),
    ...(story.url === null ? [] : [plainLine(story.url)]),
    ...story.revisions.map(({ at, title }) => plainLine(`until ${shortTime(at)} its title was: ${title}`)),
    '',
    ...matchedLines(story),
    '',
    ...toldLines(story),
    ...(story.live === null ? [] : ['', ...nearlyLines(story.live)]),
  ];
}

function matchedLines({ match, live }: ExplainedStory): readonly string[] {
  const liveIds = live === null ? [] : [...live.events, ...live.entities];
  if (match === null) return ['It matched nothing when it was stored.', ...wouldMatch(liveIds, live)];
  const ids = [...match.events, ...match.entities];
  const isLive = live?.watchlist === match.watchlist;
  const versions = isLive ? 'the live one' : `live now: ${live?.watchlist ?? 'none'}, whose clauses stand here`;
  return [
    `matched, priority ${match.priority}, by watchlist ${match.watchlist} (${versions})`,
    ...ids.flatMap((id) => targetLines(id, match.evidence, live)),
    ...wouldMatch(
      liveIds.filter((id) => !ids.includes(id)),
      live,
    ),
  ];
}

/** Each clause with its words as the live watchlist finds them; the stored words where it finds none. */
function targetLines(id: string, stored: readonly Evidence[], live: LiveReading | null): readonly string[] {
  const clauses = new Map<string, Set<string>>();
  const rows = live?.evidence.filter(({ target }) => target === id) ?? [];
  for (const { clause, field, text } of rows) {
    const words = clauses.get(clause ?? '') ?? new Set();
    clauses.set(clause ?? '', words.add(`${text} (${field})`));
  }
  const lines = [...clauses].map(([clause, words]) => plainLine(`${clause}: ${[...words].join(', ')}`));
  const kept = [
    ...new Set(stored.filter(({ target }) => target === id).map(({ text, field }) => `${text} (${field})`)),
  ];
  if (lines.length === 0)
    lines.push(plainLine(`${kept.join(', ')} [the live watchlist does not find it in what is stored of the text]`));
  return [`  ${nameOf(id, live)}`, ...lines.map((line) => `    ${line}`)];
}

function wouldMatch(ids: readonly string[], live: LiveReading | null): readonly string[] {
  if (ids.length === 0) return [];
  return ['the live watchlist would match it, too:', ...ids.flatMap((id) => targetLines(id, [], live))];
}

function toldLines({ alerts, tell, match }: ExplainedStory): readonly string[] {
  if (alerts.length > 0)
    return [
      'told',
      ...alerts
        .map(({ subscriber, state, decided, sent }) =>
          plainLine(
            sent === null
              ? `${subscriber}: ${state}, decided ${shortTime(decided)}, not yet accepted by SNS`
              : `${subscriber}: ${state}, ${shortTime(sent)}`,
          ),
        )
        .map((line) => `  ${line}`),
    ];
  if (match !== null && !tell)
    return ["Nobody was told: it came with its feed's first poll, or was old when first seen."];
  return ['Nobody was told.'];
}

function nearlyLines(live: LiveReading): readonly string[] {
  if (live.nearly.length === 0) return ['Nothing else nearly matched.'];
  return ['nearly', ...live.nearly.flatMap((miss) => missLines(miss, live))];
}

function missLines({ target, rule, held, failed }: NearMiss, live: LiveReading): readonly string[] {
  return [
    `  ${nameOf(target, live)}, by ${rule}`,
    ...held.map(
      ({ clause, words }) => `    holds: ${plainLine(`${clause}${words.length === 0 ? '' : `: ${words.join(', ')}`}`)}`,
    ),
    ...failed.map((clause) => `    fails: ${plainLine(clause)}`),
  ];
}

function nameOf(id: string, live: LiveReading | null): string {
  const name = live?.names[id] ?? id;
  return plainLine(name === id ? id : `${name} (${id})`);
}

/** Spans of a field, joined where they overlap. Stored text may be cut; a span whose words stand elsewhere is left out. */
function spansIn(field: Evidence['field'], text: string, evidence: readonly Evidence[]): readonly Span[] {
  const spans = evidence
    .filter((row) => row.field === field && text.slice(row.start, row.end) === row.text)
    .toSorted((a, b) => a.start - b.start);
  const joined: Span[] = [];
  for (const { start, end } of spans) {
    const last = joined.at(-1);
    if (last !== undefined && start <= last.end) joined[joined.length - 1] = { ...last, end: Math.max(last.end, end) };
    else joined.push({ start, end });
  }
  return joined;
}
