import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

/** What a deploy can be told, by `-c name=value` or in cdk.json. */
export type Settings = {
  /** Names the stack, so that several can live in one account; `prod` keeps its data when the stack is deleted. */
  readonly stage: string;
  /** Who hears of alarms and is the page's first editor; nobody when left out. */
  readonly alertEmail?: string;
  /** A page or address of yours that the feed reader names to publishers, who can then write instead of blocking. */
  readonly contactUrl?: string;
  /** How long a matched story and all that became of it is kept, in days. */
  readonly retentionDays: number;
  /** How long a story that matched nothing is kept, in days: what replay reads and explain shows. */
  readonly unmatchedDays: number;
  /** What SMS may cost in a month, in US dollars; an alarm sounds at four fifths of it. */
  readonly smsBudget: number;
  /** What one SMS is taken to cost, in US dollars: subscribers' caps on spend are reckoned by it. */
  readonly smsPrice: number;
  /** A reader who was told nothing for so many days hears that somebody still watches. */
  readonly proofOfLifeDays: number;
  /** From how many of a hundred feeds that fail on an alarm sounds. */
  readonly feedsFailing: number;
  /** Whether to make a CloudWatch dashboard, which costs three US dollars a month. */
  readonly dashboard: boolean;
  /** The folder of feeds.yaml and watchlist.yaml, absolute. */
  readonly config: string;
};

export type ReadSettings =
  | { readonly kind: 'settings'; readonly settings: Settings }
  /** One sentence for each wrong setting: its name, its value, the remedy. */
  | { readonly kind: 'wrong'; readonly sentences: readonly string[] };

const names = [
  'stage',
  'alertEmail',
  'contactUrl',
  'retentionDays',
  'unmatchedDays',
  'smsBudget',
  'smsPrice',
  'proofOfLifeDays',
  'feedsFailing',
  'dashboard',
  'config',
] as const;

const defaultConfig = 'config';

const chinaRemedy = 'the sign-in of the page needs; deploy to a region elsewhere';

const configFiles = ['feeds.yaml', 'watchlist.yaml'] as const;

// Topic names begin with the stack's: without a hyphen, no stage's prefix can begin with another's.
const stageRemedy = remedy('write 1 to 16 lower-case letters and digits, a letter first, such as dev or prod');

const daysRemedy = remedy('write a whole number of days from 1 to 3650');

const dollarsRemedy = remedy('write a number of US dollars above 0, such as 1 or 2.50');

const percentRemedy = remedy('write a number of feeds in a hundred, above 0 and at most 100');

const onOffRemedy = remedy('write true or false');

const schema = z.object({
  stage: z
    .string(stageRemedy)
    .regex(/^[a-z][a-z0-9]{0,15}$/, stageRemedy)
    // The stage is part of the sign-in's address, where Cognito reserves these words.
    .refine((stage) => !/aws|amazon|cognito/.test(stage), remedy('write a name without aws, amazon or cognito in it'))
    .default('dev'),
  alertEmail: z.email(remedy('write one address such as desk@example.org, or leave the setting out')).optional(),
  contactUrl: z
    .url({
      protocol: /^(https?|mailto)$/,
      ...remedy('write an address such as https://example.org/wirewatch, or leave the setting out'),
    })
    .optional(),
  retentionDays: count(daysRemedy)
    .refine((days) => Number.isInteger(days) && days >= 1 && days <= 3650, daysRemedy)
    .default(90),
  unmatchedDays: count(daysRemedy)
    .refine((days) => Number.isInteger(days) && days >= 1 && days <= 3650, daysRemedy)
    .default(30),
  // One dollar is what a new account may spend.
  smsBudget: count(dollarsRemedy)
    .refine((dollars) => dollars > 0, dollarsRemedy)
    .default(1),
  // SNS tells the price of no single message; ten cents are more than most countries cost.
  smsPrice: count(dollarsRemedy)
    .refine((dollars) => dollars > 0, dollarsRemedy)
    .default(0.1),
  proofOfLifeDays: count(daysRemedy)
    .refine((days) => Number.isInteger(days) && days >= 1 && days <= 3650, daysRemedy)
    .default(7),
  feedsFailing: count(percentRemedy)
    .refine((percent) => percent > 0 && percent <= 100, percentRemedy)
    .default(25),
  dashboard: z
    .union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')], onOffRemedy)
    .default(false),
  config: z
    .string(remedy('write the path of a folder, such as config'))
    .default(defaultConfig)
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

/**
 * Reads the settings from the app's whole context. A relative config folder counts from the working directory. `region` is
 * where the CDK is about to deploy to; empty where it does not know.
 */
export function readSettings(context: Readonly<Record<string, unknown>>, region = ''): ReadSettings {
  const wrongBefore = [
    ...Object.keys(context).filter(looksLikeASetting).map(misspeltSentence),
    // https://docs.amazonaws.cn/en_us/aws/latest/userguide/cognito.html
    ...(region.startsWith('cn-')
      ? [`region is "${region}": Cognito has no user pools in China, which ${chinaRemedy}`]
      : []),
  ];
  const read = schema.safeParse(Object.fromEntries(names.map((name) => [name, context[name]])));
  if (wrongBefore.length === 0 && read.success) {
    const { retentionDays, unmatchedDays } = read.data;
    // Nothing is kept longer than what matched.
    return { kind: 'settings', settings: { ...read.data, unmatchedDays: Math.min(unmatchedDays, retentionDays) } };
  }
  const wrong = names.flatMap((name) => {
    const issue = read.error?.issues.find(({ path }) => path[0] === name);
    return issue === undefined ? [] : [`setting ${name} is ${shownValue(context[name])}: ${issue.message}`];
  });
  return { kind: 'wrong', sentences: [...wrongBefore, ...wrong] };
}

/** A default can be wrong only where it is looked for on disk: the config folder. */
function shownValue(given: unknown): string {
  return given === undefined ? `"${defaultConfig}", its default` : JSON.stringify(given);
}

/** A number, in JSON or as the command line gives it. */
function count(otherwise: Remedy) {
  return z.union(
    [
      z.number(),
      z
        .string()
        .regex(/^\d+(\.\d+)?$/)
        .transform(Number),
    ],
    otherwise,
  );
}

/** A setting under a wrong name would be ignored in silence, and the default deployed. */
function looksLikeASetting(key: string): boolean {
  return (
    /^(stage|alert|alarm|e-?mail|contact|retention|unmatched|sms|feeds|dashboard|proof|config)/i.test(key) &&
    !names.some((name) => name === key)
  );
}

function misspeltSentence(key: string): string {
  return `setting ${key} is not known: the settings are ${names.join(', ')}`;
}

type Remedy = { readonly error: string };

function remedy(sentence: string): Remedy {
  return { error: sentence };
}
