import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { defaultSmsUsd } from '../../lib/core/subscriber/sms-caps.ts';
import { readSettings } from '../../lib/stack/settings.ts';
import { configFolder, temporaryFolder } from './synthesised.ts';

const config = configFolder();

function sentencesOf(context: Record<string, unknown>): readonly string[] {
  const read = readSettings({ config, ...context });
  return read.kind === 'wrong' ? read.sentences : [];
}

describe('settings', () => {
  test('have a default each', () => {
    expect(readSettings({ config })).toEqual({
      kind: 'settings',
      settings: {
        stage: 'dev',
        retentionDays: 90,
        unmatchedDays: 30,
        smsBudget: 1,
        smsPrice: defaultSmsUsd,
        proofOfLifeDays: 7,
        feedsFailing: 25,
        dashboard: false,
        config,
      },
    });
  });

  test('come as text from the command line and as numbers from cdk.json', () => {
    const read = {
      kind: 'settings',
      settings: {
        stage: 'prod',
        alertEmail: 'desk@example.org',
        retentionDays: 30,
        unmatchedDays: 20,
        smsBudget: 2.5,
        smsPrice: 0.04,
        proofOfLifeDays: 7,
        feedsFailing: 25,
        dashboard: false,
        config,
      },
    };
    const given = { stage: 'prod', alertEmail: 'desk@example.org', config };
    expect(
      readSettings({ ...given, retentionDays: '30', unmatchedDays: '20', smsBudget: '2.5', smsPrice: '0.04' }),
    ).toEqual(read);
    expect(readSettings({ ...given, retentionDays: 30, unmatchedDays: 20, smsBudget: 2.5, smsPrice: 0.04 })).toEqual(
      read,
    );
  });

  test('keep no story that matched nothing longer than those that matched', () => {
    expect(readSettings({ config, retentionDays: 7 })).toMatchObject({
      settings: { retentionDays: 7, unmatchedDays: 7 },
    });
  });

  const stage = 'write 1 to 16 lower-case letters and digits, a letter first, such as dev or prod';
  const days = 'write a whole number of days from 1 to 3650';
  const dollars = 'write a number of US dollars above 0, such as 1 or 2.50';
  const email = 'write one address such as desk@example.org, or leave the setting out';
  test.each([
    [{ stage: 'Prod' }, `setting stage is "Prod": ${stage}`],
    [{ stage: 'dev-2' }, `setting stage is "dev-2": ${stage}`],
    [{ stage: '' }, `setting stage is "": ${stage}`],
    [{ stage: 7 }, `setting stage is 7: ${stage}`],
    [{ stage: 'awsdesk' }, 'setting stage is "awsdesk": write a name without aws, amazon or cognito in it'],
    [{ alertEmail: 'desk' }, `setting alertEmail is "desk": ${email}`],
    [{ alertEmail: 'a@example.org,b@example.org' }, `setting alertEmail is "a@example.org,b@example.org": ${email}`],
    [
      { contactUrl: 'desk' },
      'setting contactUrl is "desk": write an address such as https://example.org/wirewatch, or leave the setting out',
    ],
    [{ retentionDays: '0' }, `setting retentionDays is "0": ${days}`],
    [{ retentionDays: '3651' }, `setting retentionDays is "3651": ${days}`],
    [{ retentionDays: 1.5 }, `setting retentionDays is 1.5: ${days}`],
    [{ unmatchedDays: '0' }, `setting unmatchedDays is "0": ${days}`],
    [{ retentionDays: 'ninety' }, `setting retentionDays is "ninety": ${days}`],
    [{ proofOfLifeDays: '0' }, `setting proofOfLifeDays is "0": ${days}`],
    [{ smsBudget: '0' }, `setting smsBudget is "0": ${dollars}`],
    [
      { feedsFailing: '0' },
      'setting feedsFailing is "0": write a number of feeds in a hundred, above 0 and at most 100',
    ],
    [
      { feedsFailing: 101 },
      'setting feedsFailing is 101: write a number of feeds in a hundred, above 0 and at most 100',
    ],
    [{ dashboard: 'yes' }, 'setting dashboard is "yes": write true or false'],
    [{ smsPrice: 0 }, `setting smsPrice is 0: ${dollars}`],
    [{ smsBudget: '-1' }, `setting smsBudget is "-1": ${dollars}`],
    [
      { retention: '30' },
      'setting retention is not known: the settings are stage, alertEmail, contactUrl, retentionDays, unmatchedDays, smsBudget, smsPrice, proofOfLifeDays, feedsFailing, dashboard, config',
    ],
    [
      { alarmEmail: 'desk@example.org' },
      'setting alarmEmail is not known: the settings are stage, alertEmail, contactUrl, retentionDays, unmatchedDays, smsBudget, smsPrice, proofOfLifeDays, feedsFailing, dashboard, config',
    ],
    [
      { Stage: 'prod' },
      'setting Stage is not known: the settings are stage, alertEmail, contactUrl, retentionDays, unmatchedDays, smsBudget, smsPrice, proofOfLifeDays, feedsFailing, dashboard, config',
    ],
  ])('%j is refused in one sentence', (context, sentence) => {
    expect(sentencesOf(context)).toEqual([sentence]);
  });

  test('each has a row in the README', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const [sentence] = sentencesOf({ retention: 1 });
    const names = (sentence?.split('the settings are ')[1] ?? '').split(', ');
    expect(names).toHaveLength(11);
    for (const name of names) expect(readme).toContain(`| \`${name}\` |`);
  });

  test('a region without user pools is refused before anything is made; every other is taken, and none given', () => {
    expect(readSettings({ config }, 'cn-north-1')).toEqual({
      kind: 'wrong',
      sentences: [
        'region is "cn-north-1": Cognito has no user pools in China, which the sign-in of the page needs; deploy to a region elsewhere',
      ],
    });
    for (const region of [undefined, '', 'eu-west-1', 'us-gov-west-1', 'ca-central-1'])
      expect(readSettings({ config }, region).kind).toBe('settings');
  });

  test('several wrong ones are all named', () => {
    expect(sentencesOf({ stage: 'X', retentionDays: 'x' })).toHaveLength(2);
  });

  test("the CDK's own context is none of ours", () => {
    const own = { '@aws-cdk/core:checkSecretUsage': true, 'aws:cdk:bundling-stacks': [], 'cli-telemetry': false };
    expect(readSettings({ config, ...own }).kind).toBe('settings');
  });

  test('a config folder without its files is refused by the files that are missing', () => {
    const folder = temporaryFolder();
    const remedy = 'write the path of the folder that holds feeds.yaml and watchlist.yaml';
    expect(sentencesOf({ config: folder })).toEqual([
      `setting config is ${JSON.stringify(folder)}: feeds.yaml and watchlist.yaml not found there; ${remedy}`,
    ]);
    writeFileSync(join(folder, 'feeds.yaml'), '');
    expect(sentencesOf({ config: folder })).toEqual([
      `setting config is ${JSON.stringify(folder)}: watchlist.yaml not found there; ${remedy}`,
    ]);
  });

  test('the app ends with 1, the sentences and nothing else, and synthesises nothing', () => {
    const app = fileURLToPath(new URL('../../bin/app.ts', import.meta.url));
    const outdir = join(temporaryFolder(), 'out');
    const context = JSON.stringify({ config, stage: 'Prod', retentionDays: '0' });
    const env = { ...process.env, CDK_CONTEXT_JSON: context, CDK_OUTDIR: outdir };
    const run = spawnSync(process.execPath, [app], { env, encoding: 'utf8' });
    expect(run.status).toBe(1);
    expect(run.stdout).toBe('');
    expect(run.stderr.split('\n')).toEqual([
      `wirewatch: setting stage is "Prod": ${stage}`,
      `wirewatch: setting retentionDays is "0": ${days}`,
      '',
    ]);
    expect(existsSync(join(outdir, 'manifest.json'))).toBe(false);
  });
});
