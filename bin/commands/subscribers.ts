import type { ListedSubscriber } from '../../lib/pipeline/subscribe.ts';
import type { CommandFile } from '../command-file.ts';
import { printJson, printTable, say } from '../output.ts';
import { addSystemOptions, openSystem, type SystemOptions } from '../system.ts';

export const command: CommandFile = {
  describe: 'who is told what',
  build(command) {
    addSystemOptions(command.option('--json', 'one JSON document'))
      .addHelpText('after', '\nAddresses are read from SNS each time; Wirewatch stores none.')
      .action(run);
  },
};

async function run(options: SystemOptions & { readonly json?: boolean }): Promise<void> {
  const system = await openSystem(options);
  const { subscribers } = await system.api<{ subscribers: readonly ListedSubscriber[] }>('GET', '/api/subscribers');
  if (options.json) return printJson({ subscribers });
  if (subscribers.length === 0) return say('nobody yet; "wirewatch subscribe --help" shows how');
  printTable(
    ['id', 'channel', 'state', 'address', 'least', 'follows'],
    subscribers.map((one) => [
      one.id,
      one.channel,
      one.state,
      one.address ?? '–',
      one.leastPriority,
      one.follow.includes('*') ? 'everything' : one.follow.join(' '),
    ]),
  );
}
