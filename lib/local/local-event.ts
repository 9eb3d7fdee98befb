/** What the local run says about itself, for the commands to show. */
export type LocalEvent =
  /** A line that a function wrote; `fields` where the line is JSON. */
  | {
      readonly kind: 'function-log';
      readonly function: string;
      readonly line: string;
      readonly fields: Readonly<Record<string, unknown>> | null;
    }
  | {
      readonly kind: 'invocation';
      readonly function: string;
      readonly ms: number;
      readonly cold: boolean;
      /** Null: it went well. */
      readonly error: string | null;
    }
  /** Resources that do nothing here: rights, logs, alarms, keys, the user pool. */
  | { readonly kind: 'inert'; readonly resources: readonly string[]; readonly properties: readonly string[] }
  /** Where the start is, for a progress line. */
  | { readonly kind: 'step'; readonly message: string; readonly ms: number }
  | { readonly kind: 'warning'; readonly message: string }
  | { readonly kind: 'error'; readonly message: string };

export type Log = (event: LocalEvent) => void;
