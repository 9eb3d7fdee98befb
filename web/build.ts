import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { build } from 'esbuild';

const web = import.meta.dirname;

/**
 * Writes the page below a folder: `index.html`, and in `web/` the files that it names, each with its content's hash in
 * its name, so that a browser may keep them for ever. The same sources give the same bytes, on any machine.
 */
export async function buildPage(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: web,
    entryPoints: ['main.tsx', 'page.css', 'icon.svg'],
    outdir: resolve(folder, 'web'),
    entryNames: '[name]-[hash]',
    loader: { '.svg': 'copy' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  const made = Object.keys(metafile.outputs).map((path) => basename(path));
  const shell = readFileSync(join(web, 'index.html'), 'utf8').replace(/\{\{(\w+)(\.\w+)\}\}/g, (_, name, ending) => {
    const file = made.find((each) => each.startsWith(`${name}-`) && each.endsWith(ending));
    if (file === undefined) throw new Error(`index.html names ${name}${ending}, and nothing was made of that name`);
    return `/web/${file}`;
  });
  writeFileSync(join(folder, 'index.html'), shell);
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('name the folder to write to: node web/build.ts FOLDER');
  await buildPage(folder);
}
