/** One thing that is wrong in a running system. */
export type Finding = {
  readonly level: 'fault' | 'warning';
  /** What is wrong, with its name and value. */
  readonly what: string;
  readonly remedy: string;
};
