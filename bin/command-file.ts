import type { Command } from 'commander';

/** One command of `wirewatch`: a file in bin/commands exports one as `command`. */
export type CommandFile = {
  /** One line for the list of commands. */
  readonly describe: string;
  /** Adds arguments, options, help text and the action to an empty command of the right name. */
  build(command: Command): void;
};
