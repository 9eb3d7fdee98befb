import type { CommandFile } from '../command-file.ts';
import { printJson, say } from '../output.ts';
import { addSystemOptions, openSystem, type SystemOptions } from '../system.ts';

export const command: CommandFile = {
  describe: 'stop telling somebody',
  build(command) {
    addSystemOptions(
      command.argument('<id>', 'as "wirewatch subscribers" lists it').option('--json', 'one JSON document'),
    ).action(run);
  },
};

async function run(id: string, options: SystemOptions & { readonly json?: boolean }): Promise<void> {
  const system = await openSystem(options);
  const removed = await system.api<{ id: string }>('DELETE', `/api/subscribers/${encodeURIComponent(id)}`);
  if (options.json) return printJson(removed);
  say(`subscriber ${removed.id} is told nothing any more; the address is gone with its topic`);
}
