import { named, plain, type Synthesised } from './synthesised.ts';

export type Statement = { readonly Effect: string; readonly Action: string | string[]; readonly Resource: unknown };

/** Each right of a role as one row, `action on resource`; its own log group is left out, it has a test of its own. */
export function rightsOf(template: Synthesised['template'], policy: string): readonly string[] {
  const statements: Statement[] = named(template, 'AWS::IAM::Policy', policy).Properties.PolicyDocument.Statement;
  return statements
    .flatMap(({ Effect, Action, Resource }) =>
      list(Action).flatMap((action) =>
        list(Resource).map((resource) => `${Effect === 'Allow' ? '' : `${Effect} `}${action} on ${plain(resource)}`),
      ),
    )
    .filter((row) => !row.startsWith('logs:'))
    .sort();
}

function list<Item>(value: Item | Item[]): Item[] {
  return Array.isArray(value) ? value : [value];
}
