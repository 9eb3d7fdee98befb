import { PlainError } from '../../lib/core/plain-error.ts';
import type { CommandFile } from '../command-file.ts';
import { printJson, say } from '../output.ts';
import { addPreferenceOptions, type PreferenceOptions, preferencesBody } from '../preference-options.ts';
import { addSystemOptions, openSystem, type SystemOptions } from '../system.ts';

type Options = SystemOptions &
  PreferenceOptions & {
    readonly email?: string;
    readonly sms?: string;
    readonly https?: string;
    readonly consent?: string;
    readonly json?: boolean;
  };

export const command: CommandFile = {
  describe: 'tell somebody by e-mail, SMS or HTTPS',
  build(command) {
    command
      .option('--email <address>', 'tell this address by e-mail')
      .option('--sms <number>', 'tell this number by SMS; E.164, for example +4915112345678')
      .option('--https <url>', 'post alerts to this address')
      .option('--consent <how>', 'how the holder of the number agreed to SMS; it is recorded');
    addSystemOptions(addPreferenceOptions(command).option('--json', 'one JSON document'))
      .addHelpText(
        'after',
        '\nExamples:\n  wirewatch subscribe --email desk@example.org --follow israel-iran-ceasefire sco\n' +
          '  wirewatch subscribe --email desk@example.org --follow "*" --digest daily@8 --zone Europe/Berlin\n' +
          '  wirewatch subscribe --sms +4915112345678 --consent "form of 2026-11-20" --follow "*" --priority critical \\\n' +
          '    --quiet 22:00-07:00 --critical-passes --sms-per-day 5 --sms-usd 10\n\n' +
          'SNS asks an e-mail or https address for a confirmation; pass its link to "wirewatch confirm".',
      )
      .action(run);
  },
};

async function run(options: Options): Promise<void> {
  const named = (['email', 'sms', 'https'] as const).filter((channel) => options[channel] !== undefined);
  const [channel] = named;
  if (channel === undefined || named.length > 1) {
    throw new PlainError('name one address: --email ADDRESS, --sms NUMBER or --https URL', 2);
  }
  if (options.follow === undefined) throw new PlainError('name what to follow: --follow ID…, or --follow "*"', 2);
  const system = await openSystem(options);
  const subscriber = await system.api<{ id: string; state: string }>('POST', '/api/subscribers', {
    channel,
    address: options[channel],
    ...(options.consent === undefined ? {} : { consent: options.consent }),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...preferencesBody(options),
  });
  if (options.json) return printJson(subscriber);
  say(`subscriber ${subscriber.id} is ${subscriber.state} at ${system.name}`);
  if (subscriber.state === 'pending') say('SNS sends a confirmation; then: wirewatch confirm LINK');
}
