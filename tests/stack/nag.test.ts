import { CfnResource, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Synthesised, synthesise } from './synthesised.ts';

type Finding = { readonly rule: string; readonly path: string };

let whole: Synthesised;

beforeAll(() => {
  whole = synthesise({ stage: 'prod', alertEmail: 'desk@example.org' });
});

function findings(checks: AwsSolutionsChecks): readonly Finding[] {
  return checks
    .validateScope(whole.app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => ({ rule: ruleName, path: String(constructPath) })),
    );
}

/** The pack as it judges where nobody has acknowledged anything. */
function withoutAcknowledgements(): AwsSolutionsChecks {
  return Object.assign(new AwsSolutionsChecks(whole.app), { isAcknowledged: () => false });
}

function acknowledgements(): readonly (Finding & { readonly reason: string })[] {
  return whole.app.node.findAll().flatMap((construct: IConstruct) =>
    construct.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, unknown>))
      .map(([id, reason]) => ({
        rule: id.replace(/^annotation::/i, ''),
        path: construct.node.path,
        reason: typeof reason === 'string' ? reason : JSON.stringify(reason),
      })),
  );
}

describe('cdk-nag, AwsSolutions', () => {
  test('finds nothing that is not acknowledged', () => {
    expect(whole.app.node.findAll().filter(CfnResource.isCfnResource).length).toBeGreaterThan(50);
    expect(findings(new AwsSolutionsChecks(whole.app))).toEqual([]);
  });

  test('every acknowledgement covers something that would be found, and says why at some length', () => {
    const found = findings(withoutAcknowledgements());
    const given = acknowledgements();
    expect(given.length).toBeGreaterThan(0);
    for (const { rule, path, reason } of given) {
      expect(
        found.some((each) => each.rule === rule && `${each.path}/`.startsWith(`${path}/`)),
        `${rule} on ${path}`,
      ).toBe(true);
      expect(reason.length, `${rule} on ${path}: ${reason}`).toBeGreaterThan(60);
    }
  });

  test('the only right on everything is one that SNS gives in no other way', () => {
    const everything = findings(withoutAcknowledgements()).filter(({ rule }) => rule.endsWith('[Resource::*]'));
    expect(everything.map(({ path }) => path)).toEqual(
      ['Digest', 'Apply', 'Api'].map((name) => `Wirewatch-prod/${name}/Handler/Role/DefaultPolicy/Resource`),
    );
  });

  test('no action is a wildcard', () => {
    expect(findings(withoutAcknowledgements()).filter(({ rule }) => rule.includes('[Action::'))).toEqual([]);
  });
});
