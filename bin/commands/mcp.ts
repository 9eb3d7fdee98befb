import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { CommandFile } from '../command-file.ts';
import { mcpServer } from '../mcp-server.ts';
import { say } from '../output.ts';
import { addSystemOptions, openSystem, type SystemOptions } from '../system.ts';

export const command: CommandFile = {
  describe: 'read-only tools for language models, over standard input and output',
  build(command) {
    addSystemOptions(command)
      .addHelpText(
        'after',
        '\nA server of the Model Context Protocol: name "npx wirewatch mcp" as a command in the program that runs the model. Its\ntools only read: matches, storylines, why a story matched, the feeds, the watchlist.',
      )
      .action(run);
  },
};

async function run(options: SystemOptions): Promise<void> {
  const system = await openSystem(options);
  await mcpServer(system).connect(new StdioServerTransport());
  say(`tools over ${system.name}; standard input's end ends it`);
}
