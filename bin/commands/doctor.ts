import type { Finding } from '../../lib/pipeline/finding.ts';
import type { CommandFile } from '../command-file.ts';
import { printJson, say, styled } from '../output.ts';
import { addSystemOptions, openSystem, type SystemOptions } from '../system.ts';

export const command: CommandFile = {
  describe: 'what is wrong, and the remedy',
  build(command) {
    addSystemOptions(command.option('--json', 'one JSON document'))
      .addHelpText('after', '\nExit code 0: nothing, or warnings alone. 1: at least one fault.')
      .action(run);
  },
};

async function run(options: SystemOptions & { readonly json?: boolean }): Promise<void> {
  const system = await openSystem(options);
  const { findings } = await system.api<{ findings: readonly Finding[] }>('GET', '/api/doctor');
  if (options.json) printJson({ findings });
  else if (findings.length === 0) say(`${system.name} is well`);
  for (const finding of options.json ? [] : findings) {
    const level = styled(finding.level === 'fault' ? 'red' : 'yellow', finding.level.padEnd(8));
    process.stdout.write(`${level} ${finding.what}\n         ${finding.remedy}\n`);
  }
  if (findings.some(({ level }) => level === 'fault')) process.exitCode = 1;
}
