import { PlainError } from '../core/plain-error.ts';
import type { Template } from './template.ts';

/** Answers what a resource's Ref or attribute is in the local run. */
export type Names = {
  ref(logicalId: string): string;
  attribute(logicalId: string, name: string): string;
};

export const account = '000000000000';
export const region = 'us-east-1';

type Intrinsic = (argument: unknown, resolve: (value: unknown) => unknown) => unknown;

/** Makes a function that puts values in the place of CloudFormation's intrinsics, at any depth. */
export function resolver(template: Template, names: Names): (value: unknown) => unknown {
  const pseudo: Readonly<Record<string, unknown>> = {
    'AWS::AccountId': account,
    'AWS::Region': region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': template.stackName,
    'AWS::StackId': stackArn(template.stackName),
    'AWS::NotificationARNs': [],
    'AWS::NoValue': undefined,
  };

  const ref = (name: string): unknown => {
    if (name in pseudo) return pseudo[name];
    const parameter = template.parameters[name];
    if (parameter === undefined) return names.ref(name);
    if (parameter.Default === undefined) {
      throw new PlainError(`The template's parameter ${name} has no default, so the local run cannot fill it.`);
    }
    return parameter.Default;
  };

  const condition = (name: string): boolean => resolve(template.conditions[name]) === true;

  const intrinsics: Readonly<Record<string, Intrinsic>> = {
    Ref: (name) => ref(String(name)),
    Condition: (name) => condition(String(name)),
    'Fn::GetAtt': (argument) => {
      const [id, ...rest] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
      return names.attribute(String(id), rest.join('.'));
    },
    'Fn::Join': (argument) => {
      const [separator, parts] = argument as [string, unknown];
      return (resolve(parts) as unknown[]).join(separator);
    },
    'Fn::Sub': (argument) => substitute(argument, ref, names, resolve),
    'Fn::Select': (argument) => {
      const [index, list] = argument as [unknown, unknown];
      return (resolve(list) as unknown[])[Number(resolve(index))];
    },
    'Fn::Split': (argument) => {
      const [separator, text] = argument as [string, unknown];
      return String(resolve(text)).split(separator);
    },
    'Fn::If': (argument) => {
      const [name, yes, no] = argument as [string, unknown, unknown];
      return resolve(condition(name) ? yes : no);
    },
    'Fn::Equals': (argument) => {
      const [left, right] = argument as [unknown, unknown];
      return resolve(left) === resolve(right);
    },
    'Fn::And': (argument) => (argument as unknown[]).every((each) => resolve(each) === true),
    'Fn::Or': (argument) => (argument as unknown[]).some((each) => resolve(each) === true),
    'Fn::Not': (argument) => resolve((argument as unknown[])[0]) !== true,
    'Fn::FindInMap': (argument) => {
      const [map, first, second] = (argument as unknown[]).map((each) => String(resolve(each)));
      return template.mappings[map!]?.[first!]?.[second!];
    },
    'Fn::GetAZs': () => [`${region}a`, `${region}b`],
    'Fn::Base64': (text) => Buffer.from(String(resolve(text))).toString('base64'),
  };

  function resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(resolve).filter((each) => each !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [name, argument] = entries[0] ?? [];
    if (entries.length === 1 && name !== undefined && isIntrinsic(name)) {
      const apply = intrinsics[name];
      if (apply === undefined) throw new PlainError(`The template uses ${name}, which the local run does not know.`);
      return apply(argument, resolve);
    }
    return Object.fromEntries(
      entries.map(([key, each]) => [key, resolve(each)] as const).filter(([, each]) => each !== undefined),
    );
  }
  return resolve;
}

export function stackArn(stackName: string): string {
  return `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/local`;
}

function isIntrinsic(name: string): boolean {
  return name === 'Ref' || name === 'Condition' || name.startsWith('Fn::');
}

function substitute(
  argument: unknown,
  ref: (name: string) => unknown,
  names: Names,
  resolve: (value: unknown) => unknown,
): string {
  const [text, own] = Array.isArray(argument)
    ? (argument as [string, Record<string, unknown>])
    : [argument as string, {}];
  return text.replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) => {
    if (literal === '!') return `\${${name}}`;
    if (name in own) return String(resolve(own[name]));
    const dot = name.indexOf('.');
    return dot < 0 ? String(ref(name)) : names.attribute(name.slice(0, dot), name.slice(dot + 1));
  });
}
