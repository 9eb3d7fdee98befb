import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll } from 'vitest';
import { watchlistLayout } from '../../lib/core/watchlist/serialize.ts';
import { WirewatchStack, type WirewatchStackProps } from '../../lib/stack/wirewatch-stack.ts';

export type Resource = {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is read by name, as CloudFormation does
  readonly Properties: Record<string, any>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
};

export type Synthesised = {
  readonly app: App;
  readonly stack: WirewatchStack;
  readonly template: {
    readonly Resources: Readonly<Record<string, Resource>>;
    readonly Conditions?: Readonly<Record<string, unknown>>;
    readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
  };
  /** Where the template, and the bundles if there are any, were written. */
  readonly folder: string;
};

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new folder that goes when the file's tests are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wirewatch-stack-'));
  folders.push(folder);
  return folder;
}

/** A folder with the two files that a deploy carries along. */
export function configFolder(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'feeds.yaml'), 'feeds: []\n');
  writeFileSync(join(folder, 'watchlist.yaml'), 'entities: {}\n');
  return folder;
}

/** The stack as a deploy would make it; without bundles unless asked for, which takes seconds. */
export function synthesise(settings: Partial<WirewatchStackProps> = {}, { bundles = false } = {}): Synthesised {
  const context = { 'aws:cdk:bundling-stacks': bundles ? ['**'] : [] };
  const app = new App({ context, outdir: temporaryFolder() });
  const costs = { smsBudget: 1, smsPrice: 0.1 };
  const watching = { feedsFailing: 25, dashboard: false };
  const whole = {
    stage: 'dev',
    retentionDays: 90,
    unmatchedDays: 30,
    ...costs,
    proofOfLifeDays: 7,
    ...watching,
    watchlistLayout,
    ...settings,
  };
  const stack = new WirewatchStack(app, `Wirewatch-${whole.stage}`, {
    ...whole,
    config: settings.config ?? configFolder(),
  });
  const { template } = app.synth().getStackArtifact(stack.artifactId);
  return { app, stack, template, folder: app.outdir };
}

export function ofType(template: Synthesised['template'], type: string): readonly (readonly [string, Resource])[] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

/** The one resource of a type whose logical id begins so. */
export function named(template: Synthesised['template'], type: string, beginning: string): Resource {
  const found = ofType(template, type).filter(([id]) => id.startsWith(beginning));
  if (found.length !== 1) throw new Error(`${found.length} resources of ${type} begin with ${beginning}`);
  return (found[0] as readonly [string, Resource])[1];
}

/** A value with its references written out: `<StoriesTable.Arn>/index/byWork`; the hash at an id's end is left off. */
export function plain(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[key, inner]] = Object.entries(value) as [[string, never]];
  if (key === 'Ref') return `<${shortId(inner)}>`;
  if (key === 'Fn::GetAtt') return `<${shortId(inner[0])}.${inner[1]}>`;
  if (key === 'Fn::If') return `<${shortId(inner[0])} ? ${plain(inner[1])} : ${plain(inner[2])}>`;
  if (key === 'Fn::Join') return (inner[1] as unknown[]).map(plain).join(inner[0]);
  throw new Error(`no plain form of ${JSON.stringify(value)}`);
}

function shortId(id: string): string {
  return id.replace(/[0-9A-F]{8}$/, '');
}
