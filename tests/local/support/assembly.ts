import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './temporary-folder.ts';

export const tinyAssembly = fileURLToPath(new URL('../fixtures/assembly', import.meta.url));

type TemplateJson = { Resources: Record<string, { Type: string; Properties: Record<string, unknown> }> };

/** A copy of the small stack with a changed template. */
export function changedAssembly(change: (template: TemplateJson) => void): string {
  const dir = join(temporaryFolder(), 'assembly');
  cpSync(tinyAssembly, dir, { recursive: true });
  // The bundles find the SDK as they would inside the project.
  symlinkSync(fileURLToPath(new URL('../../../node_modules', import.meta.url)), join(dir, 'node_modules'));
  const file = join(dir, 'Tiny.template.json');
  const template = JSON.parse(readFileSync(file, 'utf8')) as TemplateJson;
  change(template);
  writeFileSync(file, JSON.stringify(template));
  return dir;
}
