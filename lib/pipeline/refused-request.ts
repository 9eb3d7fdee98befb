/** A request refused for what it says: the field, and a sentence with the value and the remedy. */
export class RefusedRequest extends Error {
  readonly field: string;
  constructor(field: string, sentence: string) {
    super(sentence);
    this.name = 'RefusedRequest';
    this.field = field;
  }
}
