import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesise } from '../../../lib/local/synthesise.ts';
import type { Standing } from './bill.ts';

const root = join(import.meta.dirname, '../../..');

/** Counts in the synthesised template what is paid whether anything is polled or not. */
export async function standing(): Promise<Standing> {
  const cacheDir = mkdtempSync(join(tmpdir(), 'wirewatch-standing-'));
  try {
    const config = join(root, 'config');
    const assembly = await synthesise({ configDir: config, context: { stage: 'dev', config }, cacheDir });
    const file = readdirSync(assembly).find((name) => name.endsWith('.template.json')) ?? '';
    const { Resources } = JSON.parse(readFileSync(join(assembly, file), 'utf8')) as {
      Resources: Readonly<Record<string, { readonly Type: string }>>;
    };
    const types = Object.values(Resources).map(({ Type }) => Type);
    const count = (type: string) => types.filter((one) => one === type).length;
    return {
      alarms: count('AWS::CloudWatch::Alarm'),
      keys: count('AWS::KMS::Key'),
      dashboards: count('AWS::CloudWatch::Dashboard'),
      metrics: metricsNamed(),
    };
  } finally {
    rmSync(cacheDir, { recursive: true, force: true });
  }
}

/** The metrics that the functions name, each without dimensions but the service's and so one series. */
function metricsNamed(): number {
  const sources = readdirSync(join(root, 'functions'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(root, 'functions', name), 'utf8'));
  return new Set(sources.flatMap((text) => [...text.matchAll(/addMetric\('(\w+)'/g)].map((found) => found[1]))).size;
}
