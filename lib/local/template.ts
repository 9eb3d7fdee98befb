import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlainError } from '../core/plain-error.ts';

/** One resource as the template has it: properties still hold intrinsics. */
export type Resource = {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly condition?: string;
  /** The construct path, where the template says it: `Wirewatch/Poll/Function/Resource`. */
  readonly path?: string;
};

export type Template = {
  readonly stackName: string;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly outputs: Readonly<Record<string, { readonly Value: unknown; readonly Condition?: string }>>;
  readonly parameters: Readonly<Record<string, { readonly Type: string; readonly Default?: unknown }>>;
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly mappings: Readonly<Record<string, Record<string, Record<string, unknown>>>>;
  /** By the object key under which an asset would be uploaded: the file or folder it is made from. */
  readonly assets: ReadonlyMap<string, string>;
};

type Json = Record<string, unknown>;

/** Reads the one stack of a cloud assembly, with its assets. */
export function readTemplate(assemblyDir: string): Template {
  const manifest = readJson(join(assemblyDir, 'manifest.json'));
  const stacks = Object.entries((manifest.artifacts ?? {}) as Record<string, Json>).filter(
    ([, artifact]) => artifact.type === 'aws:cloudformation:stack',
  );
  const [id, artifact] = stacks[0] ?? [];
  if (stacks.length !== 1 || id === undefined || artifact === undefined) {
    throw new PlainError(
      `The assembly in ${assemblyDir} holds ${stacks.length} stacks; the local run reads exactly one: synthesise again.`,
    );
  }
  const about = artifact.properties as { templateFile: string; stackName?: string };
  const template = readJson(join(assemblyDir, about.templateFile));
  return {
    stackName: about.stackName ?? id,
    resources: new Map(
      Object.entries(section(template, 'Resources')).map(([key, value]) => [key, resource(key, value)]),
    ),
    outputs: section(template, 'Outputs') as Template['outputs'],
    parameters: section(template, 'Parameters') as Template['parameters'],
    conditions: section(template, 'Conditions'),
    mappings: section(template, 'Mappings') as Template['mappings'],
    assets: readAssets(assemblyDir),
  };
}

export function resourcesOf(template: Template, type: string): readonly Resource[] {
  return [...template.resources.values()].filter((each) => each.type === type);
}

function resource(id: string, value: unknown): Resource {
  const { Type, Properties, Condition, Metadata } = value as Json;
  const path = (Metadata as Json | undefined)?.['aws:cdk:path'];
  return {
    id,
    type: String(Type),
    properties: (Properties ?? {}) as Json,
    ...(typeof Condition === 'string' ? { condition: Condition } : {}),
    ...(typeof path === 'string' ? { path } : {}),
  };
}

function readAssets(assemblyDir: string): Map<string, string> {
  const assets = new Map<string, string>();
  for (const file of readdirSync(assemblyDir).filter((name) => name.endsWith('.assets.json'))) {
    const files = section(readJson(join(assemblyDir, file)), 'files') as Record<string, Json>;
    for (const { source, destinations } of Object.values(files)) {
      const path = (source as { path?: string }).path;
      for (const { objectKey } of Object.values(destinations as Record<string, { objectKey: string }>)) {
        if (path !== undefined) assets.set(objectKey, join(assemblyDir, path));
      }
    }
  }
  return assets;
}

function section(document: Json, name: string): Json {
  return (document[name] ?? {}) as Json;
}

function readJson(file: string): Json {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Json;
  } catch (error) {
    throw new PlainError(`The assembly cannot be read (${file}: ${(error as Error).message}); synthesise again.`);
  }
}
