import type { CommandFile } from '../command-file.ts';
import { printJson, say } from '../output.ts';
import { addSystemOptions, openSystem, type SystemOptions } from '../system.ts';

export const command: CommandFile = {
  describe: 'confirm a subscription by its link',
  build(command) {
    addSystemOptions(
      command
        .argument('<link>', 'the confirmation link from the message, whole and in quotes')
        .option('--json', 'one JSON document'),
    )
      .addHelpText('after', '\nConfirmed this way, a mail scanner that opens links cannot end the subscription.')
      .action(run);
  },
};

async function run(link: string, options: SystemOptions & { readonly json?: boolean }): Promise<void> {
  const system = await openSystem(options);
  const subscriber = await system.api<{ id: string; state: string }>('POST', '/api/confirmations', { link });
  if (options.json) return printJson(subscriber);
  say(`subscriber ${subscriber.id} is ${subscriber.state}`);
}
