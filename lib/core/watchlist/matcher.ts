import { addField, clearTokens, newTokens } from '../text/tokens.ts';
import { type CompiledWatchlist, type EventExtras, ruleKind } from './compiled.ts';
import { evaluator } from './evaluate.ts';
import { evidenceCollector } from './evidence.ts';
import { leafFinder } from './find-leaves.ts';
import { foldedSource } from './folded-source.ts';
import { languageBits } from './language-bits.ts';
import type { Evidence, Explained, Matched, MatchInput, Priority } from './matched.ts';
import { nearMisses } from './near-misses.ts';
import { titleEnds } from './publisher-tail.ts';
import { isRunning, nothingRunning, type RunningCount, type RunningState } from './running.ts';
import { clipped, fieldOfToken, primaryLanguage, type StoryFields, storyFacts } from './story-facts.ts';
import { priorities } from './watchlist-source.ts';
import { clauseText, type Weighed, weigh, weighedText } from './weigh.ts';

export type MatchResult = Matched & {
  /** The events whose own `when` matched and would if nothing ran: what running stories are counted by. */
  readonly strictEvents: readonly string[];
};

export type Matcher = {
  /** Matches one story. Never throws, whatever the text. `running` lets weaker rules count while their story runs. */
  match(input: MatchInput, running?: RunningState): MatchResult;
  /** What matched and what nearly did, the nearest first. Looks at every rule, so it is slower than matching. */
  explain(input: MatchInput, running?: RunningState): Explained;
  /** For each weighed event, in the order of the watchlist, which of its clauses hold: what training learns from. */
  clauses(input: MatchInput): readonly (readonly boolean[])[];
};

type Places = readonly (readonly [number, number])[];
type Locate = (target: number, clause: string, places: Places) => Evidence[];

// What shows why an event was weighed in: the three loudest clauses, with some words of each.
const mostWeighedClauses = 3;
const mostWeighedPlaces = 6;

/** A matcher over a compiled watchlist. It reuses its memory from story to story, so it serves one call at a time. */
export function createMatcher(watchlist: CompiledWatchlist): Matcher {
  const { arrays, targets } = watchlist;
  const tokens = newTokens();
  const finder = leafFinder(arrays);
  const evaluate = evaluator(watchlist, finder.hits);
  const { ofRule: collect, placesOf } = evidenceCollector(watchlist, evaluate);
  const endOfTitle = titleEnds(watchlist.publishers);
  const bitsOf = languageBits(watchlist.languages);
  const extrasOf = new Map(watchlist.extras.map((extras) => [extras.target, extras]));
  const ruleSeen = new Int32Array(arrays.ruleNode.length);
  const sources = new Map<string, string>();
  let story = 0;

  function sourceOf(source: string | null | undefined): string {
    if (!source) return '';
    let folded = sources.get(source);
    if (folded === undefined) {
      if (sources.size > 2_000) sources.clear();
      folded = foldedSource(source);
      sources.set(source, folded);
    }
    return folded;
  }

  /** Tokenises the story and finds its leaves. What few rules ask for is worked out when one does. */
  function begin(input: MatchInput, running: RunningState | undefined): StoryFields {
    story++;
    const source = sourceOf(input.source);
    const title = clipped(input.title);
    const summary = clipped(input.summary);
    const content = clipped(input.content ?? '');
    clearTokens(tokens);
    addField(tokens, title, 0, endOfTitle(title, source));
    const summaryStart = tokens.count;
    if (summary !== '') addField(tokens, summary, 0, summary.length);
    const contentStart = tokens.count;
    if (content !== '') addField(tokens, content, 0, content.length);
    const fields: StoryFields = { title, summary, content, starts: [0, summaryStart, contentStart, tokens.count] };
    const lang = primaryLanguage(input.lang);
    finder.find(tokens, story, bitsOf(lang, tokens, summaryStart), fields);
    evaluate.begin(tokens, story, storyFacts(tokens, fields, lang, source, input.published ?? null, running));
    return fields;
  }

  /** The rules that may match, each once, evaluated; those that do. */
  function matchingRules(): number[] {
    const { hits } = finder;
    const { anchorStart, anchorRule, anchorGuard, ruleNode, unanchored } = arrays;
    const found: number[] = [];
    for (let i = 0; i < hits.leafCount; i++) {
      const leaf = hits.leaves[i]!;
      const end = anchorStart[leaf + 1]!;
      for (let entry = anchorStart[leaf]!; entry < end; entry++) {
        const guard = anchorGuard[entry]!;
        if (guard >= 0 && hits.seen[guard] !== story) continue;
        const rule = anchorRule[entry]!;
        if (ruleSeen[rule] === story) continue;
        ruleSeen[rule] = story;
        if (evaluate.truth(ruleNode[rule]!)) found.push(rule);
      }
    }
    for (const rule of unanchored) if (evaluate.truth(ruleNode[rule]!)) found.push(rule);
    return found;
  }

  function match(input: MatchInput, running?: RunningState): MatchResult {
    const fields = begin(input, running);
    const found = matchingRules();
    if (found.length === 0) return nothingMatched;
    const locate: Locate = (target, clause, places) =>
      places.map(([from, to]) => {
        const field = fieldOfToken(fields, from);
        const start = tokens.start[from]!;
        const end = tokens.end[to - 1]!;
        return { target: targets[target]!.id, field, start, end, text: fields[field].slice(start, end), clause };
      });
    const evidence = new Map<number, Evidence[]>();
    const weak: { readonly rule: number; readonly count: RunningCount }[] = [];
    for (const rule of found) {
      const target = arrays.ruleTarget[rule]!;
      if (arrays.ruleKind[rule] === ruleKind.whileRunning) {
        const wanted = extrasOf.get(target)?.running;
        const count =
          running === undefined || !wanted
            ? null
            : isRunning(running, targets[target]!.id, wanted, input.published ?? null);
        if (count !== null) weak.push({ rule, count });
        continue;
      }
      evidence.set(
        target,
        collect(rule).flatMap((row) =>
          locate(target, `${row.clause}${leansOn(row.running, running, input)}`, row.places),
        ),
      );
    }
    for (const { rule, count } of weak) {
      const target = arrays.ruleTarget[rule]!;
      if (evidence.has(target)) continue;
      const why = `(running: ${counted(count)})`;
      evidence.set(
        target,
        collect(rule).flatMap((row) => {
          const others = leansOn(row.running, running, input);
          return locate(target, `while_running: ${row.clause} ${why}${others}`, row.places);
        }),
      );
    }
    followImplications(evidence);
    if (evidence.size > 0) weighEvents(evidence, locate);
    if (evidence.size === 0) return nothingMatched;
    return {
      ...idsOf([...evidence.keys()]),
      evidence: [...evidence.values()].flatMap(inOrder),
      priority: highestPriority([...evidence.keys()]),
      strictEvents: found
        .filter((rule) => evidence.has(arrays.ruleTarget[rule]!) && isStrict(rule))
        .map((rule) => targets[arrays.ruleTarget[rule]!]!.id)
        .sort(),
    };
  }

  /** A story that an event's own rule holds only because another story runs makes nothing run: no circles. */
  function isStrict(rule: number): boolean {
    return arrays.ruleKind[rule] === ruleKind.event && evaluate.truthIfNothingRan(arrays.ruleNode[rule]!);
  }

  /** The counts of the stories whose running: a clause leans on, as its evidence tells them. */
  function leansOn(nodes: readonly number[], running: RunningState | undefined, input: MatchInput): string {
    return nodes
      .map((node) => {
        const at = arrays.nodeAt[node]! + 1;
        const [event, outlets, withinHours] = [arrays.code[at]!, arrays.code[at + 1]!, arrays.code[at + 2]!];
        const id = watchlist.strings[event]!;
        const count = isRunning(running ?? nothingRunning, id, { outlets, withinHours }, input.published ?? null);
        return count === null ? '' : ` (running ${id}: ${counted(count)})`;
      })
      .join('');
  }

  /** Asked where anything was found at all: takes out what is weighed too light, and adds what is heavy enough. */
  function weighEvents(evidence: Map<number, Evidence[]>, locate: Locate): void {
    for (const event of watchlist.weighed) {
      const byRule = evidence.has(event.target);
      const weighed = weigh(event, byRule, evaluate);
      if (!weighed.holds) evidence.delete(event.target);
      else if (!byRule) evidence.set(event.target, evidenceOf(weighed, locate));
    }
  }

  /** The clauses that spoke the loudest for an event that no rule matched. */
  function evidenceOf(weighed: Weighed, locate: Locate): Evidence[] {
    return weighed.clauses
      .filter(({ weight }) => weight > 0)
      .slice(0, mostWeighedClauses)
      .flatMap((clause) =>
        locate(
          weighed.event.target,
          `${weighedText(weighed)}; ${clauseText(clause)}`,
          placesOf(clause.node).slice(0, mostWeighedPlaces),
        ),
      );
  }

  function followImplications(evidence: Map<number, Evidence[]>): void {
    const waiting = [...evidence.keys()];
    for (let target = waiting.pop(); target !== undefined; target = waiting.pop()) {
      for (const implied of extrasOf.get(target)?.implies ?? []) {
        if (evidence.has(implied.target) || (implied.node >= 0 && !evaluate.truth(implied.node))) continue;
        const by = targets[target]!.id;
        const rows = evidence
          .get(target)!
          .map((row) => ({ ...row, target: targets[implied.target]!.id, clause: `implied by ${by}: ${row.clause}` }));
        evidence.set(implied.target, rows);
        waiting.push(implied.target);
      }
    }
  }

  function idsOf(matched: readonly number[]): Pick<Matched, 'entities' | 'events'> {
    const ids = (kind: 'entity' | 'event') =>
      matched
        .filter((target) => targets[target]!.kind === kind)
        .map((target) => targets[target]!.id)
        .sort();
    return { entities: ids('entity'), events: ids('event') };
  }

  function highestPriority(matched: readonly number[]): Priority {
    let highest = 0;
    for (const target of matched) {
      highest = Math.max(highest, priorities.indexOf(targets[target]!.priority));
      for (const { to, node } of (extrasOf.get(target) as EventExtras | undefined)?.escalators ?? []) {
        if (evaluate.truth(node)) highest = Math.max(highest, priorities.indexOf(to));
      }
    }
    return priorities[highest]!;
  }

  function explain(input: MatchInput, running?: RunningState): Explained {
    const matched = match(input, running);
    const fields = begin(input, running);
    const wordsAt = ([from, to]: readonly [number, number]) =>
      fields[fieldOfToken(fields, from)].slice(tokens.start[from]!, tokens.end[to - 1]!);
    const known = new Set([...matched.entities, ...matched.events]);
    return { matched, nearly: nearMisses(watchlist, evaluate, known, wordsAt) };
  }

  function clauses(input: MatchInput): readonly (readonly boolean[])[] {
    begin(input, undefined);
    return watchlist.weighed.map((event) => event.clauses.map(({ node }) => evaluate.truth(node)));
  }

  return { match, explain, clauses };
}

const fieldNames = ['title', 'summary', 'content'] as const;
function counted({ stories, outlets, hours }: RunningCount): string {
  return `${stories} stories, ${outlets} outlets, ${hours} h`;
}

const nothingMatched: MatchResult = { entities: [], events: [], evidence: [], priority: 'low', strictEvents: [] };

function inOrder(rows: readonly Evidence[]): readonly Evidence[] {
  return [...rows].sort(
    (a, b) => fieldNames.indexOf(a.field) - fieldNames.indexOf(b.field) || a.start - b.start || a.end - b.end,
  );
}
