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
  const answer = await system.api<{ at: string; findings: readonly Finding[] }>('GET', '/api/doctor');
  const findings = [...(system.isLocal ? [] : clockFindings(Date.parse(answer.at), Date.now())), ...answer.findings];
  if (options.json) printJson({ findings });
  else if (findings.length === 0) say(`${system.name} is well`);
  for (const finding of options.json ? [] : findings) {
    const level = styled(finding.level === 'fault' ? 'red' : 'yellow', finding.level.padEnd(8));
    process.stdout.write(`${level} ${finding.what}\n         ${finding.remedy}\n`);
  }
  if (findings.some(({ level }) => level === 'fault')) process.exitCode = 1;
}

/** Two clocks that differ by minutes: requests that this machine signs are refused at five. */
export function clockFindings(theirMs: number, ourMs: number): readonly Finding[] {
  const minutes = Math.round((ourMs - theirMs) / 60_000);
  if (Math.abs(minutes) < 2) return [];
  const way = minutes > 0 ? 'ahead of' : 'behind';
  return [
    {
      level: 'warning',
      what: `this machine's clock is ${Math.abs(minutes)} minutes ${way} the system's`,
      remedy: "set it by the network's time: at five minutes AWS refuses what it signs",
    },
  ];
}
