import type { WeighedClause, WeighedEvent } from './compiled.ts';
import type { Evaluator } from './evaluate.ts';

/** What an event's weights say of the story at hand. */
export type Weighed = {
  readonly event: WeighedEvent;
  /** A likelihood, between 0 and 1. */
  readonly likelihood: number;
  /** What it must reach. */
  readonly needed: number;
  readonly holds: boolean;
  /** What holds, the heaviest first, whichever way it speaks. */
  readonly clauses: readonly WeighedClause[];
};

type Numbers = Pick<WeighedEvent, 'needs' | 'keeps' | 'bias' | 'rule'>;
type Speaking = Pick<WeighedClause, 'weight' | 'speaks'>;

/**
 * Decides on one event by the clauses that hold: the logistic function of their sum. An event that no rule matched needs a
 * clause with words that speaks for it, so that there is something to show.
 */
export function decided(event: Numbers, byRule: boolean, clauses: readonly Speaking[]) {
  const sum = clauses.reduce((total, { weight }) => total + weight, event.bias + (byRule ? event.rule : 0));
  const likelihood = 1 / (1 + Math.exp(-sum));
  const needed = byRule ? event.keeps : event.needs;
  const isSpokenFor = byRule || clauses.some(({ speaks }) => speaks);
  return { likelihood, needed, holds: isSpokenFor && likelihood >= needed };
}

export function weigh(event: WeighedEvent, byRule: boolean, evaluate: Evaluator): Weighed {
  const clauses = event.clauses.filter(({ node }) => evaluate.truth(node));
  const heaviestFirst = clauses.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  return { event, ...decided(event, byRule, clauses), clauses: heaviestFirst };
}

/** "weighed 0.62, needs 0.40". */
export function weighedText({ likelihood, needed }: Weighed): string {
  return `weighed ${likelihood.toFixed(2)}, needs ${needed.toFixed(2)}`;
}

/** "+1.21: #ceasefire SAME @iran+". */
export function clauseText({ weight, text }: WeighedClause): string {
  return `${weight > 0 ? '+' : ''}${weight.toFixed(2)}: ${text}`;
}
