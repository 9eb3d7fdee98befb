import { expect, test } from 'vitest';
import { matches, parseEventPattern } from '../../lib/local/event-pattern.ts';

const record = {
  eventName: 'INSERT',
  dynamodb: { NewImage: { workPk: { S: 'WORK#match' }, size: { N: '3' } }, SizeBytes: 120 },
  tags: ['a', 'b'],
};

test.each([
  ['one of several values', { eventName: ['MODIFY', 'INSERT'] }, true],
  ['none of the values', { eventName: ['REMOVE'] }, false],
  [
    'all keys, however deep',
    { eventName: ['INSERT'], dynamodb: { NewImage: { workPk: { S: ['WORK#match'] } } } },
    true,
  ],
  ['a key that is not there', { dynamodb: { OldImage: { workPk: { S: ['WORK#match'] } } } }, false],
  ['a beginning', { dynamodb: { NewImage: { workPk: { S: [{ prefix: 'WORK#' }] } } } }, true],
  ['an end', { dynamodb: { NewImage: { workPk: { S: [{ suffix: '#claim' }] } } } }, false],
  ['what exists', { dynamodb: { NewImage: { workPk: { S: [{ exists: true }] } } } }, true],
  ['what does not exist', { dynamodb: { OldImage: [{ exists: false }] } }, true],
  ['anything but', { eventName: [{ 'anything-but': ['REMOVE'] }] }, true],
  ['a range', { dynamodb: { SizeBytes: [{ numeric: ['>', 100, '<=', 120] }] } }, true],
  ['outside a range', { dynamodb: { SizeBytes: [{ numeric: ['<', 100] }] } }, false],
  ['an element of a list', { tags: ['b'] }, true],
  ['either of two', { $or: [{ eventName: ['REMOVE'] }, { tags: ['a'] }] }, true],
  ['neither of two', { $or: [{ eventName: ['REMOVE'] }, { tags: ['c'] }] }, false],
])('%s', (_, pattern, expected) => {
  expect(matches(parseEventPattern(JSON.stringify(pattern)), record)).toBe(expected);
});

test('a comparison it does not know is refused when the pattern is read, not when a record comes', () => {
  const pattern = JSON.stringify({ eventName: ['INSERT'], ip: [{ cidr: '10.0.0.0/8' }] });
  expect(() => parseEventPattern(pattern)).toThrow('unknown comparison {"cidr":"10.0.0.0/8"}');
});
