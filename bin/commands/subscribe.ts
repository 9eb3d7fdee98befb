import { Option } from 'commander';
import { PlainError } from '../../lib/core/plain-error.ts';
import type { CommandFile } from '../command-file.ts';
import { printJson, say } from '../output.ts';
import { addSystemOptions, openSystem, type SystemOptions } from '../system.ts';

type Options = SystemOptions & {
  readonly email?: string;
  readonly sms?: string;
  readonly https?: string;
  readonly follow: readonly string[];
  readonly priority: string;
  readonly zone: string;
  readonly json?: boolean;
};

export const command: CommandFile = {
  describe: 'tell somebody by e-mail, SMS or HTTPS',
  build(command) {
    addSystemOptions(
      command
        .option('--email <address>', 'tell this address by e-mail')
        .option('--sms <number>', 'tell this number by SMS; E.164, for example +4915112345678')
        .option('--https <url>', 'post alerts to this address')
        .requiredOption('--follow <ids...>', 'entity and event ids, or "*" for everything')
        .addOption(
          new Option('--priority <priority>', 'the least priority to be told of')
            .choices(['low', 'normal', 'high', 'critical'])
            .default('low'),
        )
        .option(
          '--zone <name>',
          'time zone of the times shown (IANA)',
          Intl.DateTimeFormat().resolvedOptions().timeZone,
        )
        .option('--json', 'one JSON document'),
    )
      .addHelpText(
        'after',
        '\nExample:\n  wirewatch subscribe --email desk@example.org --follow israel-iran-ceasefire sco\n\n' +
          'SNS asks the address for a confirmation; pass its link to "wirewatch confirm".',
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
  const system = await openSystem(options);
  const subscriber = await system.api<{ id: string; state: string }>('POST', '/api/subscribers', {
    channel,
    address: options[channel],
    follow: options.follow,
    leastPriority: options.priority,
    timeZone: options.zone,
  });
  if (options.json) return printJson(subscriber);
  say(`subscriber ${subscriber.id} is ${subscriber.state} at ${system.name}`);
  if (subscriber.state === 'pending') say('SNS sends a confirmation; then: wirewatch confirm LINK');
}
