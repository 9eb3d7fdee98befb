import type { Refusal } from '../core/subscriber/refusal.ts';

/** A request refused for what it says: the field, and a sentence with the value and the remedy. */
export class RefusedRequest extends Error {
  readonly field: string;
  /** Every field that is wrong, the first among them. */
  readonly refusals: readonly Refusal[];
  constructor(field: string, sentence: string, more: readonly Refusal[] = []) {
    super([sentence, ...more.map((refusal) => refusal.sentence)].join('\n'));
    this.name = 'RefusedRequest';
    this.field = field;
    this.refusals = [{ field, sentence }, ...more];
  }
}
