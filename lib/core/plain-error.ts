/** An error that a person reads as one sentence: what is wrong, with which value, and what to do. No stack is shown. */
export class PlainError extends Error {
  readonly exitCode: 1 | 2;
  constructor(sentence: string, exitCode: 1 | 2 = 1) {
    super(sentence);
    this.name = 'PlainError';
    this.exitCode = exitCode;
  }
}
