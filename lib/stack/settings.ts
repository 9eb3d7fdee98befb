import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

/** What a deploy can be told, by `-c name=value` or in cdk.json. */
export type Settings = {
  /** Names the stack, so that several can live in one account; `prod` keeps its data when the stack is deleted. */
  readonly stage: string;
  /** Who hears of alarms and is the page's first editor; nobody when left out. */
  readonly alertEmail?: string;
  /** How long a story and its matches are kept, in days. */
  readonly retentionDays: number;
  /** What SMS may cost in a month, in US dollars; an alarm sounds at four fifths of it. */
  readonly smsBudget: number;
  /** The folder of feeds.yaml and watchlist.yaml, absolute. */
  readonly config: string;
};

export type ReadSettings =
  | { readonly kind: 'settings'; readonly settings: Settings }
  /** One sentence for each wrong setting: its name, its value, the remedy. */
  | { readonly kind: 'wrong'; readonly sentences: readonly string[] };

const names = ['stage', 'alertEmail', 'retentionDays', 'smsBudget', 'config'] as const;

const configFiles = ['feeds.yaml', 'watchlist.yaml'] as const;

const schema = z.object({
  // Topic names begin with the stack's: without a hyphen, no stage's prefix can begin with another's.
  stage: z
    .string(remedy('write a name such as dev or prod'))
    .regex(
      /^[a-z][a-z0-9]{0,15}$/,
      remedy('write 1 to 16 lower-case letters and digits, a letter first, such as dev or prod'),
    )
    .default('dev'),
  alertEmail: z.email(remedy('write one address such as desk@example.org, or leave the setting out')).optional(),
  retentionDays: count('write a whole number of days from 1 to 3650')
    .refine(
      (days) => Number.isInteger(days) && days >= 1 && days <= 3650,
      remedy('write a whole number of days from 1 to 3650'),
    )
    .default(90),
  // One dollar is what a new account may spend.
  smsBudget: count('write a number of US dollars above 0, such as 1 or 2.50')
    .refine((dollars) => dollars > 0, remedy('write a number of US dollars above 0, such as 1 or 2.50'))
    .default(1),
  config: z
    .string(remedy('write the path of a folder, such as config'))
    .default('config')
    .superRefine((folder, problems) => {
      const missing = configFiles.filter((file) => !existsSync(join(folder, file)));
      if (missing.length > 0) {
        problems.addIssue({
          code: 'custom',
          message: `${missing.join(' and ')} not found there; write the path of the folder that holds ${configFiles.join(' and ')}`,
        });
      }
    })
    .transform((folder) => resolve(folder)),
});

/** Reads the settings from the app's whole context. A relative config folder counts from the working directory. */
export function readSettings(context: Readonly<Record<string, unknown>>): ReadSettings {
  const misspelt = Object.keys(context).filter(looksLikeASetting).map(misspeltSentence);
  const read = schema.safeParse(Object.fromEntries(names.map((name) => [name, context[name]])));
  if (misspelt.length === 0 && read.success) return { kind: 'settings', settings: read.data };
  const wrong = (read.error?.issues ?? []).map(({ path, message }) => {
    const name = String(path[0]);
    return `setting ${name} is ${JSON.stringify(context[name] ?? defaultOf(name))}: ${message}`;
  });
  return { kind: 'wrong', sentences: [...misspelt, ...wrong] };
}

function defaultOf(name: string): unknown {
  return name === 'config' ? 'config' : undefined;
}

/** A number, in JSON or as the command line gives it. */
function count(sentence: string) {
  return z.union(
    [
      z.number(),
      z
        .string()
        .regex(/^\d+(\.\d+)?$/)
        .transform(Number),
    ],
    remedy(sentence),
  );
}

/** A setting under a wrong name would be ignored in silence, and the default deployed. */
function looksLikeASetting(key: string): boolean {
  return /^(stage|alert|e-?mail|retention|sms|config)/i.test(key) && !names.some((name) => name === key);
}

function misspeltSentence(key: string): string {
  return `setting ${key} is not known: the settings are ${names.join(', ')}`;
}

function remedy(sentence: string): { readonly error: string } {
  return { error: sentence };
}
