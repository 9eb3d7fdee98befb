import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type ReleaseFiles = {
  readonly changelog: string;
  readonly packageJson: string;
  readonly packageLock: string;
};

/** A tag's section of the changelog, or one sentence that says why this tree is not that release. */
export type ReleaseNotes =
  | { readonly kind: 'notes'; readonly text: string }
  | { readonly kind: 'refused'; readonly reason: string };

export function releaseNotes(tag: string, files: ReleaseFiles): ReleaseNotes {
  const version = /^v(\d+\.\d+\.\d+)$/.exec(tag)?.[1];
  if (version === undefined) return refused(`the tag "${tag}" is not of the form v1.2.3`);
  for (const [name, text] of [
    ['package.json', files.packageJson],
    ['package-lock.json', files.packageLock],
  ] as const) {
    const stated = (JSON.parse(text) as { readonly version?: unknown }).version;
    if (stated !== version) return refused(`${name} says version "${stated}", the tag says ${version}`);
  }
  const text = sectionOf(files.changelog, version);
  if (text === null) return refused(`CHANGELOG.md has no section "## ${version} - YYYY-MM-DD"`);
  if (text === '') return refused(`the section ${version} of CHANGELOG.md is empty`);
  return { kind: 'notes', text };
}

function refused(reason: string): ReleaseNotes {
  return { kind: 'refused', reason };
}

/** The lines below a version's heading, up to the next version's; null without a dated heading of that version. */
function sectionOf(changelog: string, version: string): string | null {
  const lines = changelog.split(/\r?\n/);
  const headings = [`## ${version} - `, `## [${version}] - `];
  const begin = lines.findIndex((line) =>
    headings.some((heading) => line.startsWith(heading) && /^\d{4}-\d\d-\d\d$/.test(line.slice(heading.length).trim())),
  );
  if (begin === -1) return null;
  const after = lines.slice(begin + 1);
  const end = after.findIndex((line) => line.startsWith('## '));
  return after
    .slice(0, end === -1 ? after.length : end)
    .join('\n')
    .trim();
}

if (import.meta.main) {
  const read = (name: string) => readFileSync(join(import.meta.dirname, '..', name), 'utf8');
  const notes = releaseNotes(process.argv[2] ?? '', {
    changelog: read('CHANGELOG.md'),
    packageJson: read('package.json'),
    packageLock: read('package-lock.json'),
  });
  if (notes.kind === 'refused') {
    console.error(`${notes.reason}; docs/releasing.md says what a release needs`);
    process.exit(1);
  }
  console.log(notes.text);
}
