import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readWatchlist } from '../../../lib/core/watchlist/watchlist-file.ts';

const schema = JSON.parse(readFileSync('config/watchlist.schema.json', 'utf8'));
const keysOf = (row: object | undefined): string[] => Object.keys(row ?? {});

/** The keys that the reader says it knows, from its own message about one it does not. */
function knownKeys(text: string): string[] {
  const { problems } = readWatchlist(text, 'w.yaml');
  const remedy = problems.find(({ message }) => message.includes('"zzzzzz"'))?.remedy ?? '';
  return remedy.replace('the keys are ', '').split(', ').sort();
}

test.each([
  ['the file', 'zzzzzz: 1', schema.properties],
  ['an entity', 'entities: {a: {zzzzzz: 1}}', schema.$defs.entity.properties],
  [
    'an ambiguous alias',
    'entities: {a: {ambiguous: [{zzzzzz: 1}]}}',
    schema.$defs.entity.properties.ambiguous.items.properties,
  ],
  ['an event', 'events: {a: {zzzzzz: 1}}', schema.$defs.event.properties],
  ['running', 'events: {a: {running: {zzzzzz: 1}}}', schema.$defs.event.properties.running.properties],
  [
    'an escalator',
    'events: {a: {escalators: [{zzzzzz: 1}]}}',
    schema.$defs.event.properties.escalators.items.properties,
  ],
  [
    'an implication',
    'events: {a: {implies: [{zzzzzz: 1}]}}',
    schema.$defs.event.properties.implies.oneOf[1].items.oneOf[1].properties,
  ],
  ['weights', 'events: {a: {when: b, name: A}}\nweights: {a: {zzzzzz: 1}}', schema.$defs.weights.properties],
])('the schema has the keys of %s that the reader has', (_, text, properties) => {
  expect(keysOf(properties).sort()).toEqual(knownKeys(text));
});

test('the shipped watchlist has no key that the schema lacks', () => {
  const file = parse(readFileSync('config/watchlist.yaml', 'utf8'));
  const allowed = (rows: Record<string, object>, properties: object) =>
    Object.values(rows).flatMap((row) => keysOf(row).filter((key) => !keysOf(properties).includes(key)));
  expect(keysOf(file).filter((key) => !keysOf(schema.properties).includes(key))).toEqual([]);
  expect(allowed(file.entities, schema.$defs.entity.properties)).toEqual([]);
  expect(allowed(file.events, schema.$defs.event.properties)).toEqual([]);
});

test('every key of the schema is in the language reference', () => {
  const docs = readFileSync('docs/watchlist.md', 'utf8');
  const keys = [
    schema.properties,
    schema.$defs.entity.properties,
    schema.$defs.event.properties,
    schema.$defs.event.properties.running.properties,
    schema.$defs.weights.properties,
  ].flatMap(keysOf);
  expect(keys.filter((key) => !docs.includes(key))).toEqual([]);
});
