// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are CloudFormation's placeholders
import { expect, test } from 'vitest';
import { resolver } from '../../lib/local/resolve.ts';
import type { Template } from '../../lib/local/template.ts';

const template: Template = {
  stackName: 'Tiny',
  resources: new Map(),
  outputs: {},
  parameters: { Stage: { Type: 'String', Default: 'dev' }, Key: { Type: 'String' } },
  conditions: {
    IsDev: { 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] },
    IsProd: { 'Fn::Not': [{ Condition: 'IsDev' }] },
    Both: { 'Fn::And': [{ Condition: 'IsDev' }, { Condition: 'IsProd' }] },
    Either: { 'Fn::Or': [{ Condition: 'IsDev' }, { Condition: 'IsProd' }] },
  },
  mappings: { Sizes: { dev: { memory: 128 } } },
  assets: new Map(),
};
const resolve = resolver(template, {
  ref: (id) => `ref-${id}`,
  attribute: (id, name) => `${id}/${name}`,
});

test.each([
  ['a reference', { Ref: 'Queue' }, 'ref-Queue'],
  ['a parameter', { Ref: 'Stage' }, 'dev'],
  ['a pseudo parameter', { Ref: 'AWS::AccountId' }, '000000000000'],
  ['an attribute', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Queue/Arn'],
  ['an attribute with a dot', { 'Fn::GetAtt': 'Web.Url.Host' }, 'Web/Url.Host'],
  ['a join of references', { 'Fn::Join': ['-', ['a', { Ref: 'Queue' }]] }, 'a-ref-Queue'],
  [
    'a substitution',
    { 'Fn::Sub': '${AWS::Region}.${Queue}.${Queue.Arn}.${!Kept}' },
    'us-east-1.ref-Queue.Queue/Arn.${Kept}',
  ],
  ['a substitution with its own names', { 'Fn::Sub': ['${x}', { x: { Ref: 'Stage' } }] }, 'dev'],
  ['one of a split', { 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
  ['a condition that holds', { 'Fn::If': ['IsDev', 'yes', 'no'] }, 'yes'],
  ['a condition that does not', { 'Fn::If': ['IsProd', 'yes', 'no'] }, 'no'],
  ['conditions together', { 'Fn::If': ['Both', 1, { 'Fn::If': ['Either', 2, 3] }] }, 2],
  ['a map', { 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'memory'] }, 128],
  ['at any depth', { a: [{ b: { Ref: 'Queue' } }] }, { a: [{ b: 'ref-Queue' }] }],
  ['a property that is left out', { a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
])('resolves %s', (_, value, expected) => {
  expect(resolve(value)).toEqual(expected);
});

test.each([
  [
    'an intrinsic it does not know',
    { 'Fn::Cidr': [] },
    'The template uses Fn::Cidr, which the local run does not know.',
  ],
  ['a parameter nobody fills', { Ref: 'Key' }, "The template's parameter Key has no default"],
])('refuses %s', (_, value, sentence) => {
  expect(() => resolve(value)).toThrow(sentence);
});
