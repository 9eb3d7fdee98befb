import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A chat's incoming webhook on loopback: takes what the real one takes by its documentation, and refuses the rest. */
export type Chat = { readonly url: string; readonly posts: readonly unknown[]; stop(): Promise<void> };

type Json = Readonly<Record<string, unknown>>;

export async function startChat(kind: 'slack' | 'teams'): Promise<Chat> {
  const posts: unknown[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const wrong = request.headers['content-type'] === 'application/json' ? rules[kind](text) : 'no JSON';
    if (wrong === null) posts.push(JSON.parse(text));
    response.writeHead(wrong === null ? 200 : 400).end(wrong ?? 'ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`,
    posts,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const rules = { slack: wrongForSlack, teams: wrongForTeams };

/** Slack, "Block Kit": a text has 1 to 3,000 characters; a context holds at most ten texts; a message 50 blocks. */
function wrongForSlack(text: string): string | null {
  const { text: fallback, blocks } = JSON.parse(text) as Json;
  if (typeof fallback !== 'string' || fallback === '') return 'no_text';
  if (!Array.isArray(blocks) || blocks.length > 50) return 'invalid_blocks';
  const fine = (blocks as Json[]).every(({ type, text: own, elements }) => {
    if (type === 'section') return isSlackText(own);
    return type === 'context' && Array.isArray(elements) && elements.length <= 10 && elements.every(isSlackText);
  });
  return fine ? null : 'invalid_blocks';
}

function isSlackText(value: unknown): boolean {
  const { type, text, emoji } = (value ?? {}) as Json;
  if (typeof text !== 'string' || text.length < 1 || text.length > 3000) return false;
  return type === 'mrkdwn' ? emoji === undefined : type === 'plain_text';
}

/** Teams, Workflows: one Adaptive Card in a message of at most 28 kB; an Action.OpenUrl needs an absolute address. */
function wrongForTeams(text: string): string | null {
  if (Buffer.byteLength(text) > 28 * 1024) return 'message too large';
  const { type, attachments } = JSON.parse(text) as { type?: unknown; attachments?: Json[] };
  const [card] = attachments ?? [];
  if (type !== 'message' || card?.contentType !== 'application/vnd.microsoft.card.adaptive') return 'no Adaptive Card';
  const { type: kind, version, body, actions = [] } = card.content as Record<string, Json[]>;
  if (String(kind) !== 'AdaptiveCard' || !/^1\.\d$/.test(String(version)) || body === undefined) return 'bad card';
  const texts = body.flatMap((part) => (part.type === 'RichTextBlock' ? (part.inlines as Json[]) : [part]));
  if (!texts.every((part) => typeof part.text === 'string' && /^(TextRun|TextBlock)$/.test(String(part.type)))) {
    return 'bad text';
  }
  const fine = actions.every((action) => action.type === 'Action.OpenUrl' && URL.canParse(String(action.url)));
  return fine ? null : 'bad action';
}
