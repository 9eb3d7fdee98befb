import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Command } from 'commander';
import { PlainError } from '../lib/core/plain-error.ts';

export type SystemOptions = {
  readonly data: string;
  readonly stack: string;
  readonly profile?: string;
  readonly region?: string;
};

/** The running system a command speaks to: the local one of the data directory, else the deployed stack. */
export type System = {
  /** For messages: `the local system at http://127.0.0.1:4600`. */
  readonly name: string;
  /** Calls the API as its HTTP front would; a problem detail becomes a PlainError with its sentence. */
  api<Answer>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Answer>;
  apply<Answer>(payload: unknown): Promise<Answer>;
  digest<Answer>(payload: unknown): Promise<Answer>;
  /** Its own clock may run otherwise, and DynamoDB Local counts transactions once. */
  readonly isLocal: boolean;
};

/** The options by which every asking command finds its system. */
export function addSystemOptions(command: Command): Command {
  return command
    .option('--data <dir>', 'data directory of a local system', '.wirewatch')
    .option('--stack <name>', 'deployed stack, where no local system runs', 'Wirewatch-dev')
    .option('--profile <name>', 'AWS profile for the deployed stack')
    .option('--region <name>', 'AWS region of the deployed stack');
}

export async function openSystem(options: SystemOptions): Promise<System> {
  const local = localRun(options.data);
  if (local !== null) {
    const lambda = new LambdaClient({
      endpoint: local.lambdaEndpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    return systemOver(lambda, local.outputs, { name: `the local system at ${local.url}`, isLocal: true });
  }
  return deployedSystem(options);
}

type LocalRunFile = {
  readonly pid: number;
  readonly url: string;
  readonly lambdaEndpoint: string;
  readonly outputs: Readonly<Record<string, string>>;
};

/** The local system that runs in a data directory, or null. What a killed one left behind does not count. */
export function localRun(dataDir: string): LocalRunFile | null {
  const file = join(dataDir, 'run.json');
  if (!existsSync(file)) return null;
  const run = JSON.parse(readFileSync(file, 'utf8')) as LocalRunFile;
  try {
    process.kill(run.pid, 0);
    return run;
  } catch {
    return null;
  }
}

async function deployedSystem(options: SystemOptions): Promise<System> {
  const hint = `no local system runs in ${options.data} ("npm start" or "npm run demo" starts one)`;
  const client = {
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    ...(options.region === undefined ? {} : { region: options.region }),
  };
  try {
    const stacks = await new CloudFormationClient(client).send(new DescribeStacksCommand({ StackName: options.stack }));
    const outputs = Object.fromEntries(
      (stacks.Stacks?.[0]?.Outputs ?? []).map((output) => [output.OutputKey ?? '', output.OutputValue ?? '']),
    );
    return systemOver(new LambdaClient(client), outputs, { name: `the stack ${options.stack}`, isLocal: false });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PlainError(
      `${hint}, and the stack ${options.stack} cannot be asked: ${reason}${await remedyFor(reason, client)}`,
    );
  }
}

/** The usual mistakes: another region than the stack's, and a clock so wrong that AWS refuses what it signs. */
async function remedyFor(reason: string, client: { readonly region?: string }): Promise<string> {
  if (/does not exist/.test(reason)) {
    const region = await new CloudFormationClient(client).config.region().catch(() => 'no region');
    return `. It was looked for in ${region}; --region names another, --stack another stack, --profile another account`;
  }
  if (/Signature expired|Signature not yet current|RequestTimeTooSkewed/.test(reason)) {
    return ". This machine's clock is wrong by more than five minutes: set it by the network's time";
  }
  return '';
}

function systemOver(
  lambda: LambdaClient,
  outputs: Readonly<Record<string, string>>,
  { name, isLocal }: Pick<System, 'name' | 'isLocal'>,
): System {
  const invoke = async (output: string, payload: unknown): Promise<unknown> => {
    const functionName = outputs[output];
    if (functionName === undefined) throw new PlainError(`${name} has no output ${output}; deploy this version first`);
    const answer = await lambda.send(
      new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(payload)) }),
    );
    const text = Buffer.from(answer.Payload ?? []).toString('utf8');
    if (answer.FunctionError !== undefined) throw new PlainError(`${name} failed: ${errorMessage(text)}`);
    return text === '' ? null : JSON.parse(text);
  };
  return {
    name,
    async api<Answer>(method: string, path: string, body?: unknown) {
      const answer = (await invoke('ApiFunctionName', httpEvent(method, path, body))) as HttpAnswer;
      const text = answer.isBase64Encoded ? Buffer.from(answer.body, 'base64').toString('utf8') : answer.body;
      const value = JSON.parse(text) as Answer & { detail?: string };
      if (answer.statusCode >= 400) throw new PlainError(value.detail ?? `${name} answered ${answer.statusCode}`);
      return value;
    },
    apply: async <Answer>(payload: unknown) => (await invoke('ApplyFunctionName', payload)) as Answer,
    digest: async <Answer>(payload: unknown) => (await invoke('DigestFunctionName', payload)) as Answer,
    isLocal,
  };
}

type HttpAnswer = { readonly statusCode: number; readonly body: string; readonly isBase64Encoded?: boolean };

/** The event an HTTP API sends, payload format 2.0, as far as the function looks at it. */
function httpEvent(method: string, path: string, body: unknown) {
  const [rawPath = '/', rawQueryString = ''] = path.split('?');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: { 'content-type': 'application/json', host: 'wirewatch.invalid' },
    requestContext: { http: { method, path: rawPath, sourceIp: '127.0.0.1' }, domainName: 'wirewatch.invalid' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    isBase64Encoded: false,
  };
}

function errorMessage(text: string): string {
  try {
    return String((JSON.parse(text) as { errorMessage?: unknown }).errorMessage ?? text);
  } catch {
    return text;
  }
}
