import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'SECURITY.md'), 'utf8');

/** The rows of every table that has a column of tests. */
const rows = text.split(/^## /m).flatMap((section) => {
  const [head = '', , ...lines] = section.split('\n').filter((line) => line.startsWith('| '));
  return head.endsWith('| tests |') ? lines.map((line) => line.split(' | ').map((cell) => cell.trim())) : [];
});

/** `tests/a.test.ts`: "one", "two"; `tests/b.test.ts`: "three" */
function namedTests(cell: string): readonly (readonly [file: string, name: string])[] {
  return [...cell.matchAll(/`([^`]+)`: ((?:"[^"]+"(?:, )?)+)/g)].flatMap(([, file = '', names = '']) =>
    [...names.matchAll(/"([^"]+)"/g)].map(([, name = '']) => [file, name] as const),
  );
}

/** As the title of a test or of a group of them, as the first cell of a row, or as the name of a case. */
function holdsTitle(source: string, name: string): boolean {
  const literal = `(['"\`])${name.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')}\\1`;
  return new RegExp(`(?:\\b(?:test|describe)\\(|\\)\\(|\\[|\\bname:)\\s*${literal}`).test(source);
}

describe('the threat model', () => {
  test('has every kind of attacker', () => {
    expect(text.match(/^## .+$/gm)).toEqual([
      '## What there is to lose',
      '## A hostile feed',
      '## A hostile subscriber',
      '## A stolen token',
      '## A compromised dependency',
      '## A hostile web page, or neighbour, of the local machine',
      '## A mistaken deployer',
      '## What nothing here stops',
    ]);
    expect(rows.length).toBeGreaterThan(45);
  });

  test.each(rows.map((cells) => [cells[0]?.replace('| ', '') ?? '', cells.at(-1) ?? '']))(
    '%s: has its tests',
    (_, cell) => {
      const named = namedTests(cell);
      expect(named.length).toBeGreaterThan(0);
      for (const [file, name] of named) {
        expect(file).toMatch(/^tests\/.+\.ts$/);
        expect(existsSync(join(root, file)), file).toBe(true);
        expect(holdsTitle(readFileSync(join(root, file), 'utf8'), name), `${file} has a test "${name}"`).toBe(true);
      }
    },
  );

  test('names nothing but files and titles in its last column', () => {
    for (const cells of rows) {
      expect(cells).toHaveLength(3);
      const rest = (cells[2] ?? '').replace(/`[^`]+`: |"[^"]+"|, |; | \|$/g, '');
      expect(rest, cells[0]).toBe('');
    }
  });
});
