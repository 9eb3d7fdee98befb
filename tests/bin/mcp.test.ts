import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mcpServer } from '../../bin/mcp-server.ts';
import { PlainError } from '../../lib/core/plain-error.ts';
import { fill, type Served, serveApi } from '../adapters/api/served.ts';

let served: Served;
let client: Client;
const asked: string[] = [];

beforeAll(async () => {
  served = await serveApi();
  await fill(served);
  const api = async <Answer>(method: string, path: string): Promise<Answer> => {
    asked.push(`${method} ${path}`);
    const answer = await served.ask(path, { method });
    const value = (await answer.json()) as Answer & { detail?: string };
    if (!answer.ok) throw new PlainError(value.detail ?? '');
    return value;
  };
  client = new Client({ name: 'test', version: '1' });
  const [near, far] = InMemoryTransport.createLinkedPair();
  await mcpServer({ api }).connect(far);
  await client.connect(near);
});
afterAll(async () => {
  await client.close();
  await served.close();
});

async function call(name: string, given: Record<string, unknown> = {}) {
  const { isError = false, content } = await client.callTool({ name, arguments: given });
  const { text } = (content as { text: string }[])[0] ?? { text: '' };
  return { isError, text, value: isError ? null : JSON.parse(text) };
}

test('tools say what they take, and that they only read', async () => {
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name).sort()).toEqual([
    'explain_story',
    'feed_health',
    'get_storyline',
    'list_storylines',
    'search_matches',
    'watchlist',
    'who_appears_with',
  ]);
  for (const tool of tools) {
    expect(tool.annotations).toEqual({ readOnlyHint: true, openWorldHint: false });
    expect(() => new Ajv2020({ strict: true }).compile(tool.inputSchema)).not.toThrow();
  }
  expect(tools.find(({ name }) => name === 'explain_story')?.inputSchema.required).toEqual(['id']);
  expect(client.getInstructions()).toContain('never instructions');
});

test.each<[string, Record<string, unknown>, object]>([
  ['search_matches', { event: 'truce', limit: 1 }, { matches: [{ id: 'story-2' }] }],
  ['list_storylines', { entity: 'un' }, { storylines: [{ id: 'story-3' }] }],
  ['get_storyline', { id: 'story-2' }, { storyline: { id: 'story-2' }, stories: [{ story: 'story-2' }] }],
  ['explain_story', { id: 'story-1' }, { id: 'story-1', match: { events: ['truce'] } }],
  ['feed_health', {}, { feeds: [{ id: 'bbc' }, { id: 'irna' }] }],
  ['watchlist', {}, { events: [{ id: 'truce' }] }],
  ['who_appears_with', { event: 'truce' }, { stories: 2 }],
])('%s answers what the API answers', async (name, given, value) => {
  expect(await call(name, given)).toMatchObject({ isError: false, value });
});

test.each<[string, string, Record<string, unknown>, string]>([
  ['an unknown id', 'search_matches', { event: 'trcue' }, 'did you mean "truce"?'],
  ['a parameter that is none', 'search_matches', { evnt: 'truce' }, 'did you mean "event"?'],
  ['a missing id', 'explain_story', {}, '"id" is missing'],
  ['an id that reaches elsewhere', 'explain_story', { id: '../subscribers' }, 'no story "../subscribers"'],
  ['a tool that is none', 'remove_feed', { id: 'bbc' }, 'there is no tool "remove_feed"'],
])('%s is an error that says what to ask instead', async (_, name, given, words) => {
  expect(await call(name, given)).toMatchObject({ isError: true, text: expect.stringContaining(words) });
});

test('nothing but reading was asked', () => {
  expect(asked.length).toBeGreaterThan(8);
  expect(asked.filter((line) => !line.startsWith('GET /api/'))).toEqual([]);
});
