import { type Command, Option } from 'commander';
import { priorities, storylineStates } from '../lib/core/subscriber/read-preferences.ts';

/** What `subscribe` and `subscribers set` share. Values are checked where they are read: by the system itself. */
export type PreferenceOptions = {
  readonly follow?: readonly string[];
  readonly priority?: string;
  readonly lang?: readonly string[];
  readonly states?: readonly string[];
  readonly digest?: string;
  readonly quiet?: string;
  readonly criticalPasses?: boolean;
  readonly zone?: string;
  readonly smsPerDay?: string;
  readonly smsUsd?: string;
};

export function addPreferenceOptions(command: Command): Command {
  return command
    .option('--follow <ids...>', 'entity and event ids, or "*" for everything')
    .addOption(new Option('--priority <priority>', 'the least priority to be told of').choices([...priorities]))
    .option('--lang <codes...>', 'only stories in these languages, such as en fa zh; "*" for every one')
    .addOption(new Option('--states <states...>', 'what of a storyline to be told').choices([...storylineStates]))
    .option('--digest <when>', 'together: hourly, daily@8 or weekly@mon@8, by the local hour; at-once for none')
    .option('--quiet <from-until>', 'hold alerts in these local hours, such as 22:00-07:00; none for no quiet hours')
    .option('--critical-passes', 'critical alerts pass in quiet hours')
    .option('--no-critical-passes', 'they do not')
    .option('--zone <name>', 'IANA time zone of times shown, digests and quiet hours')
    .option('--sms-per-day <n>', 'at most so many SMS a day; none for no cap')
    .option('--sms-usd <amount>', 'at most so many US dollars a month for SMS; none for no cap');
}

/** The preferences that were named, as the API takes them. */
export function preferencesBody(options: PreferenceOptions): Record<string, unknown> {
  const { follow, priority, lang, states, digest, quiet, criticalPasses, zone, smsPerDay, smsUsd } = options;
  return {
    ...(follow && { follow }),
    ...(priority && { leastPriority: priority }),
    ...(lang && { langs: lang.includes('*') ? [] : lang.flatMap((each) => each.split(',')) }),
    ...(states && { states }),
    ...(digest && { delivery: digest }),
    ...(quiet && { quiet }),
    ...(criticalPasses === undefined ? {} : { criticalPasses }),
    ...(zone && { timeZone: zone }),
    ...(smsPerDay === undefined ? {} : { smsPerDay: cap(smsPerDay) }),
    ...(smsUsd === undefined ? {} : { smsUsdPerMonth: cap(smsUsd) }),
  };
}

/** What is no number goes as it is, to be refused by name. */
function cap(text: string): number | string | null {
  if (text === 'none') return null;
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}
