import { describe, expect, test } from 'vitest';
import { parseQuery } from '../../../lib/core/watchlist/query.ts';
import type { QueryNode } from '../../../lib/core/watchlist/query-node.ts';

/** A query with its structure in parentheses. */
function shape(node: QueryNode): string {
  switch (node.kind) {
    case 'words':
      return `${node.caseSensitive ? '!' : ''}${node.text}`;
    case 'entity':
      return `@${node.id}${node.side ? '+' : ''}`;
    case 'term':
      return `#${node.id}`;
    case 'and':
    case 'or':
      return `(${node.items.map(shape).join(` ${node.kind} `)})`;
    case 'not':
      return `not ${shape(node.item)}`;
    case 'near':
    case 'onear':
      return `(${shape(node.left)} ${node.kind}${node.distance} ${shape(node.right)})`;
    case 'same':
    case 'outside':
      return `(${shape(node.left)} ${node.kind} ${shape(node.right)})`;
    case 'atleast':
      return `${node.count}x${shape(node.item)}`;
    case 'field':
      return `${node.field}:${shape(node.item)}`;
    case 'by':
      return `by(${shape(node.who)},${shape(node.does)},${shape(node.whom)})`;
    case 'lang':
      return `lang=${node.tag}`;
    case 'source':
      return `source=${node.value}${node.prefix ? '*' : ''}`;
    case 'published':
      return `${node.from ?? ''}..${node.to ?? ''}`;
    case 'running':
      return `running=${node.event}>=${node.outlets ?? ''}/${node.withinHours ?? ''}`;
    default:
      return node.kind;
  }
}

test.each([
  ['word', 'word'],
  ['"two words"', 'two words'],
  ['missile*', 'missile*'],
  ['"guns fall*"', 'guns fall*'],
  ['!"NASA"', '!NASA'],
  ['cease-fire', 'cease-fire'],
  ['U.S. OR Iran’s', '(U.S or Iran’s)'],
  ['آتش OR 停火', '(آتش or 停火)'],
  ['a AND b AND NOT c', '(a and b and not c)'],
  ['a OR (b AND c)', '(a or (b and c))'],
  ['a AND b NEAR/5 c', '(a and (b near5 c))'],
  ['NOT a NEAR/5 b AND c', '(not (a near5 b) and c)'],
  ['a NEAR/5 b NEAR/3 c', '((a near5 b) near3 c)'],
  ['a ONEAR/1 b', '(a onear1 b)'],
  ['a SAME b SAME c', '((a same b) same c)'],
  ['#x OUTSIDE (#y OR z)', '(#x outside (#y or z))'],
  ['ATLEAST/3 #x', '3x#x'],
  ['title:a AND summary:(b OR c)', '(title:a and summary:(b or c))'],
  ['content:(a AND NOT b)', 'content:(a and not b)'],
  ['lang:zh-Hant AND x', '(lang=zh and x)'],
  ['source:bbc* AND source:"BBC News"', '(source=bbc* and source=BBC News)'],
  ['published:2025-06-21..2025-06-25', '2025-06-21..2025-06-25'],
  ['published:..2025-06-25 AND x', '(..2025-06-25 and x)'],
  ['published:2025-06-21 AND x', '(2025-06-21..2025-06-21 and x)'],
  ['a AND running:big-deal', '(a and running=big-deal>=/)'],
  ['a AND (running:deal>=10 OR NOT running:deal/2d)', '(a and (running=deal>=10/ or not running=deal>=/48))'],
  ['(running:deal>=10/24h AND a) NEAR/3 b', '((running=deal>=10/24 and a) near3 b)'],
  ['@israel+ AND @iran', '(@israel+ and @iran)'],
  ['BY(@a+, #hit OR struck, @b)', 'by(@a+,(#hit or struck),@b)'],
  ['START ONEAR/2 @china', '(start onear2 @china)'],
  ['@china NEAR/2 END', '(@china near2 end)'],
  ['in ONEAR/1 SELF', '(in onear1 self)'],
  ['x OUTSIDE DATELINE', '(x outside dateline)'],
  ['(lang:en AND a) NEAR/3 b', '((lang=en and a) near3 b)'],
  ['ORANGE AND ANDROID AND NOTHING', '(ORANGE and ANDROID and NOTHING)'],
  ['  a\n  AND\n  b  ', '(a and b)'],
])('reads %s', (text, expected) => {
  const parsed = parseQuery(text);
  expect(parsed.kind === 'query' ? shape(parsed.query.node) : parsed.fault).toBe(expected);
});

describe('says what is wrong, where, and what to write', () => {
  test.each([
    ['', 0, 'empty', 'leave the line out'],
    ['   ', 0, 'empty', 'leave the line out'],
    ['a AND b OR c', 0, 'AND and OR stand side by side', 'parentheses'],
    ['a OR b AND c', 0, 'AND and OR stand side by side', 'parentheses'],
    ['NOT a', 0, 'NOT alone', 'a AND NOT b'],
    ['NOT a AND NOT b', 0, 'NOT alone', 'a AND NOT b'],
    ['a OR NOT b', 0, 'NOT alone', 'a AND NOT b'],
    ['*foo', 0, 'begins with *', 'end a word'],
    ['"the *foo"', 0, 'begins with *', 'end a word'],
    ['fo*', 0, 'fewer than three letters', 'three letters'],
    ['"a fo*"', 0, 'fewer than three letters', 'three letters'],
    ['foo*bar', 0, '* stands inside', 'end a word'],
    ['foo bar', 3, 'without an operator', 'in quotes'],
    ['foo @bar', 3, 'without an operator', 'NEAR/5'],
    ['foo and bar', 3, '"and" is no operator', 'AND in capitals'],
    ['foo NOT bar', 3, 'NOT has nothing that joins it', 'AND NOT'],
    ['foo NEAR bar', 4, 'NEAR has no distance', 'NEAR/5'],
    ['foo NEAR/0 bar', 4, 'the number after NEAR/ is 0', '1 to 100'],
    ['foo ONEAR/101 bar', 4, 'the number after ONEAR/ is 101', '1 to 100'],
    ['ATLEAST foo', 0, 'ATLEAST has no number', 'ATLEAST/3'],
    ['(foo', 4, 'not closed', ')'],
    ['foo)', 3, 'never opened', 'the end'],
    ['()', 0, 'empty', 'query between'],
    ['"foo', 0, 'quote is not closed', '"'],
    ['"" AND a', 0, 'no word', 'between'],
    ['titel:x', 0, '"titel:" is no field', 'title: summary:'],
    ['AND foo', 0, 'nothing on one side', 'before and after AND'],
    ['foo AND', 7, 'AND has nothing after it', 'a word'],
    ['foo AND OR bar', 8, 'OR has nothing on one side', 'before and after OR'],
    ['a SAME', 6, 'SAME has nothing after it', 'a word'],
    ['a NEAR/3 b OUTSIDE c', 0, 'NEAR and OUTSIDE stand side by side', 'parentheses'],
    ['a NEAR/3 b ONEAR/3 c', 0, 'stand side by side', 'parentheses'],
    ['(a AND b) NEAR/3 c', 0, 'no place', 'SAME or NEAR'],
    ['a OUTSIDE (NOT b)', 0, 'no place', 'words'],
    ['lang:en NEAR/3 a', 0, 'no place', 'words'],
    ['END ONEAR/2 a', 0, 'no place', 'START ONEAR/2'],
    ['BY(a, b)', 0, 'three parts', 'BY(who, does, whom)'],
    ['published:x', 0, 'no days', '2025-06-21..2025-06-25'],
    ['published:2025-02-30..', 10, '2025-02-30 is no day', '2025-06-21'],
    ['published:2025-06-25..2025-06-21', 0, 'backwards', '2025-06-21..2025-06-25'],
    ['a AND running:', 6, 'no event', 'running:deal>=10'],
    ['a AND running:deal>=51', 18, '>= is 51', '1 to 50'],
    ['a AND running:deal/31d', 18, '31d is no time', 'running:deal/24h'],
    ['running:deal SAME a', 0, 'no place', 'words'],
    ['NOT running:deal', 0, 'NOT alone', 'a AND NOT b'],
    ['a AND lang:', 6, 'no language', 'lang:fa'],
    ['@ AND a', 0, '@ is followed by no id', '@id'],
    ['#Foo', 0, '# is followed by no id', 'lower-case'],
    ['!NASA', 0, 'no quoted text', '!"NASA"'],
    ['a & b', 2, 'not expected', 'expected AND'],
    [`${'('.repeat(200)}a${')'.repeat(200)}`, 100, '100 levels', 'terms'],
    [`a AND ${'NOT '.repeat(5_000)}b`, 6, '100 levels', 'terms'],
  ])('%.40s', (text, offset, message, remedy) => {
    const parsed = parseQuery(text);
    expect(parsed.kind).toBe('fault');
    if (parsed.kind !== 'fault') return;
    expect({ offset: parsed.fault.offset, message: parsed.fault.message }).toEqual({
      offset,
      message: expect.stringContaining(message),
    });
    expect(parsed.fault.remedy).toContain(remedy);
  });
});

test('a rule of 10,000 clauses parses', () => {
  const parsed = parseQuery(Array.from({ length: 10_000 }, (_, i) => `word${i}`).join(' OR '));
  expect(parsed.kind === 'query' && parsed.query.node.kind === 'or' && parsed.query.node.items.length).toBe(10_000);
});
