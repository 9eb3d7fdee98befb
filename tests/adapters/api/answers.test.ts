import { parseAtomFeed } from 'feedsmith';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MatchRow } from '../../../lib/pipeline/ports/story-store.ts';
import { iso } from '../../pipeline/world.ts';
import { fill, type Served, serveApi } from './served.ts';

let served: Served;

beforeAll(async () => {
  served = await serveApi();
  await fill(served);
  await served.add('formula', {
    title: '=HYPERLINK("x") Report',
    summary: 'On Iran.',
    published: iso(-30),
    lang: 'en',
  });
});
afterAll(() => served.close());

const ids = async (path: string) =>
  ((await (await served.ask(path)).json()) as { matches: MatchRow[] }).matches.map(({ id }) => id);

describe('matches by', () => {
  test.each<[string, string, string[]]>([
    ['event', 'event=truce', ['story-2', 'story-1']],
    ['entity and outlet', 'entity=iran&outlet=irna', ['story-2']],
    ['language', 'lang=FR', ['story-3']],
    ['least priority', 'priority=high', ['story-2', 'story-1']],
    ['every priority', 'priority=low', ['story-3', 'story-2', 'formula', 'story-1']],
    ['storyline', 'storyline=story-1', ['story-1']],
    ['storyline and words that it lacks', 'storyline=story-1&text=oslo', []],
    ['words', 'text=truce+iran', ['story-2', 'story-1']],
    ['an empty field, which is no filter', 'text=&event=truce', ['story-2', 'story-1']],
    ['a window', 'since=25m', ['story-3']],
  ])('%s', async (_, query, expected) => {
    expect(await ids(`/api/matches?${query}`)).toEqual(expected);
  });
});

describe('storylines by', () => {
  test.each<[string, string, string[]]>([
    ['event', 'event=truce', ['story-2', 'story-1']],
    ['entity', 'entity=un', ['story-3']],
    ['state', 'state=new&limit=1', ['story-3']],
    ['a state that none has', 'state=corrected', []],
    ['outlet, language and words', 'outlet=irna&lang=en&text=silent', ['story-2']],
    ['priority', 'priority=high', ['story-2', 'story-1']],
  ])('%s', async (_, query, expected) => {
    const { storylines } = (await (await served.ask(`/api/storylines?${query}`)).json()) as {
      storylines: { id: string }[];
    };
    expect(storylines.map(({ id }) => id)).toEqual(expected);
  });

  test('one, with its stories, revisions and alerts', async () => {
    expect(await (await served.ask('/api/storylines/story-2')).json()).toMatchObject({
      storyline: { id: 'story-2', events: ['truce'], states: ['new'] },
      stories: [{ story: 'story-2', match: { outlet: 'irna' }, revisions: [{ title: 'Iran' }] }],
      alerts: [{ subscriber: 'integration', state: 'new', story: 'story-2' }],
      names: { truce: 'A truce', iran: 'Iran' },
    });
  });
});

test('pages follow their cursors to the end, by the Link header as well', async () => {
  const found: string[] = [];
  let path: string | null = '/api/matches?limit=1';
  while (path !== null) {
    const answer: Response = await served.ask(path);
    found.push(...((await answer.json()) as { matches: MatchRow[] }).matches.map(({ id }) => id));
    const next: string | undefined = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
    path = next === undefined ? null : next.replace(served.url, '');
  }
  expect(found).toEqual(['story-3', 'story-2', 'formula', 'story-1']);
});

describe('an export', () => {
  const as = async (query: string, accept?: string) => {
    const answer = await served.ask(`/api/matches?${query}`, accept === undefined ? {} : { headers: { accept } });
    return {
      type: (answer.headers.get('content-type') ?? '').split(';')[0],
      headers: answer.headers,
      text: await answer.text(),
    };
  };

  test.each<[string, string | undefined, string]>([
    ['', undefined, 'application/json'],
    ['', '*/*', 'application/json'],
    ['', 'text/csv', 'text/csv'],
    ['', 'application/x-ndjson', 'application/jsonl'],
    ['', 'text/html, application/atom+xml;q=0.9', 'application/atom+xml'],
    ['', 'text/csv;q=0.1, application/atom+xml;q=0.5', 'application/atom+xml'],
    ['', 'text/csv;q=0', 'application/json'],
    ['format=csv', 'application/json', 'text/csv'],
    ['format=jsonl', undefined, 'application/jsonl'],
    ['format=atom', undefined, 'application/atom+xml'],
  ])('?%s, Accept: %s', async (query, accept, type) => {
    expect(await as(query, accept)).toMatchObject({ type });
  });

  test('as CSV has a line a match, and no formula', async () => {
    const { text, headers } = await as('format=csv');
    const lines = text.trimEnd().split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^id,published,/);
    expect(text).toContain(`"'=HYPERLINK(""x"") Report"`);
    expect(headers.get('content-disposition')).toBe('attachment; filename="matches.csv"');
  });

  test('as JSON Lines has an object a line', async () => {
    const rows = (await as('format=jsonl&event=truce')).text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.map(({ id }) => id)).toEqual(['story-2', 'story-1']);
  });

  test('as Atom names itself by what is asked, and says where more is', async () => {
    const read = parseAtomFeed((await as('limit=1&format=atom&event=truce')).text);
    const other = parseAtomFeed((await as('event=truce&format=atom')).text);
    expect(read.id).toBe('tag:wirewatch.invalid,2026:matches/event%3Dtruce');
    expect(other.id).toBe(read.id);
    expect(read.links?.map(({ rel }) => rel)).toEqual(['self', 'next']);
    expect(read.entries?.[0]).toMatchObject({ id: 'tag:wirewatch.invalid,2026:story/story-2' });
  });

  test('as Atom can be found from the JSON', async () => {
    expect((await as('event=truce&limit=1')).headers.get('link')).toContain(
      'format=atom>; rel="alternate"; type="application/atom+xml"',
    );
  });

  test('of storylines is one, too', async () => {
    const answer = async (format: string) => (await served.ask(`/api/storylines?event=truce&format=${format}`)).text();
    expect((await answer('csv')).split('\r\n')[0]).toContain('id,opened,last,closed,title');
    expect(parseAtomFeed(await answer('atom')).entries).toHaveLength(2);
    expect((await answer('jsonl')).trimEnd().split('\n')).toHaveLength(2);
  });
});

describe('an answer', () => {
  test('has a tag, and is not sent again to who has it', async () => {
    const first = await served.ask('/api/matches');
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[0-9a-f]{40}"$/);
    const again = await served.ask('/api/matches', { headers: { 'if-none-match': etag } });
    expect({ status: again.status, text: await again.text() }).toEqual({ status: 304, text: '' });
    expect(again.headers.get('cache-control')).toBe('private, no-cache');
    const other = await served.ask('/api/matches?limit=1', { headers: { 'if-none-match': etag } });
    expect(other.status).toBe(200);
  });

  test.each(['/api/matches', '/api/nothing', '/api/matches?since=x'])(
    '%s is closed to other origins, and runs nothing',
    async (path) => {
      const { headers } = await served.ask(path, { headers: { origin: 'https://evil.example' } });
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    },
  );

  test('to HEAD has the headers of one to GET and no body', async () => {
    const answer = await served.ask('/api/matches', { method: 'HEAD' });
    expect({ status: answer.status, text: await answer.text() }).toEqual({ status: 200, text: '' });
  });

  test('to another method names those that there are', async () => {
    for (const method of ['PUT', 'OPTIONS', 'PATCH', 'DELETE']) {
      const answer = await served.ask('/api/matches', { method });
      expect({ method, status: answer.status, allow: answer.headers.get('allow') }).toEqual({
        method,
        status: 405,
        allow: 'GET, HEAD',
      });
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
    }
    expect((await served.ask('/api/feeds', { method: 'PUT' })).headers.get('allow')).toBe('GET, HEAD, POST');
  });
});

describe('refused with the field and the remedy', () => {
  test.each<[string, number, string, string]>([
    ['/api/matches?evnt=truce', 400, 'evnt', 'did you mean "event"?'],
    ['/api/matches?zzzzzz=1', 400, 'zzzzzz', 'there are event, entity'],
    ['/api/matches?event=truce&event=iran', 400, 'event', 'twice'],
    ['/api/matches?event=trcue', 400, 'event', 'did you mean "truce"?'],
    ['/api/matches?source=bbcc', 400, 'source', 'did you mean "bbc"?'],
    ['/api/matches?outlet=irnaa', 400, 'outlet', 'did you mean "irna"?'],
    ['/api/matches?storyline=story-9', 400, 'storyline', 'did you mean "story-'],
    ['/api/matches?priority=urgent', 400, 'priority', 'low, normal, high, critical'],
    ['/api/matches?format=xml', 400, 'format', 'json, jsonl, csv, atom'],
    ['/api/matches?limit=1001', 400, 'limit', 'from 1 to 1000'],
    ['/api/matches?until=2026-02-30T99:00', 400, 'until', 'not a time'],
    ['/api/matches?cursor=abc', 400, 'cursor', '"next"'],
    ['/api/storylines?state=old', 400, 'state', 'corroborated'],
    ['/api/storylines?cursor=abc.defghi', 400, 'cursor', '"next"'],
    ['/api/storylines/story-22', 404, 'id', 'did you mean "story-2"?'],
    ['/api/storylines/formu', 404, 'id', 'did you mean "formula"?'],
    ['/api/storylines/story-1?limit=101', 400, 'limit', 'from 1 to 100'],
    ['/api/stories/formul…', 404, 'id', 'did you mean "formula"?'],
    ['/api/series?by=minute', 400, 'by', 'hour, day'],
    ['/api/series/events?since=90d', 400, 'since', 'by=day'],
    ['/api/company?entity=irn', 400, 'entity', 'did you mean "iran"?'],
    ['/api/feeds?page=2', 400, 'page', 'there are none'],
  ])('%s', async (path, status, field, words) => {
    const answer = await served.ask(path);
    const problem = (await answer.json()) as { field: string; detail: string };
    expect({ status: answer.status, field: problem.field }).toEqual({ status, field });
    expect(problem.detail).toContain(words);
  });
});

describe('a rule that is tried', () => {
  const tried = async (body: unknown) => {
    const answer = await served.post('/api/watchlist/try', body);
    return {
      status: answer.status,
      body: (await answer.json()) as Record<string, unknown> & { matched: { id: string }[] },
    };
  };

  test.each<[string, object, string[]]>([
    ['a query', { query: 'rain AND Oslo' }, ['story-4']],
    ['a query over entities and terms of the live watchlist', { query: '@un AND #talks' }, ['story-3']],
    ['a query of two lines', { query: '@iran\nAND holds' }, ['story-2']],
    [
      'a query with what YAML would take for its own',
      { query: '"truce" AND @iran AND NOT (rain OR "a: b # c")' },
      ['story-1', 'story-2'],
    ],
    ['a whole rule', { rule: 'name: Mine\nwhen: "@iran AND truce"\nunless: holds' }, ['story-1']],
    ['a rule that implies an event of the live watchlist', { rule: 'when: rain\nimplies: [truce]' }, ['story-4']],
    ['in a window', { query: 'rain OR truce', since: '20m' }, ['story-4']],
  ])('%s', async (_, body, expected) => {
    const answer = await tried({ since: '1d', ...body });
    expect(answer.status).toBe(200);
    expect(answer.body.matched.map(({ id }) => id)).toEqual(expected);
  });

  test('says by which words, and goes on where it stopped', async () => {
    const first = await tried({ query: 'truce OR rain', limit: 3, since: '1d' });
    expect(first.body).toMatchObject({
      tried: 3,
      matched: [{ matches: true, evidence: [{ field: 'title', text: 'truce' }] }, {}],
    });
    const rest = await tried({ query: 'truce OR rain', limit: 3, since: '1d', cursor: first.body.next });
    expect(rest.body).toMatchObject({ matched: [{ id: 'story-4', matches: false }], next: null });
  });

  test('that takes long is tried on fewer stories, and goes on from there', async () => {
    let ms = Date.parse(iso(10));
    const now = () => {
      ms += 6_000;
      return new Date(ms);
    };
    const slow = await serveApi({ now });
    await fill(slow);
    for (let index = 0; index < 120; index += 1)
      await slow.add(`more-${index}`, { title: 'Rain', published: iso(-60 - index) });
    const answer = await slow.post('/api/watchlist/try', { query: 'rain', since: '1d' });
    const { tried, next } = (await answer.json()) as { tried: number; next: string | null };
    expect(tried).toBeLessThan(124);
    expect(next).not.toBeNull();
    await slow.close();
  });

  test.each<[string, unknown, string, string]>([
    ['nothing', {}, 'query', 'name one'],
    ['both', { query: 'a', rule: 'when: a' }, 'query', 'name one'],
    ['no JSON', '{', 'query', 'not a JSON object'],
    ['a list', [], 'query', 'not a JSON object'],
    ['a field of another name', { qurey: 'a' }, 'qurey', 'did you mean "query"?'],
    ['a query that ends early', { query: '@iran AND' }, 'query', 'line 1, column 10: AND has nothing after it'],
    ['an unknown entity', { query: 'truce AND @irann' }, 'query', 'did you mean @iran?'],
    ['NOT alone', { query: 'NOT @iran' }, 'query', 'NOT alone'],
    ['a rule of another form', { rule: '- a' }, 'rule', ''],
    ['a rule without when', { rule: 'name: x' }, 'rule', 'no when:'],
    ['a rule that reaches out of its place', { rule: 'when: a\n  terms: b\nevents:\n  x: {}' }, 'rule', ''],
    ['a time that is none', { query: 'a', since: 'soon' }, 'since', 'not a time'],
    ['too many stories', { query: 'a', limit: 5_000 }, 'limit', 'from 1 to 1000'],
    ['words for a limit', { query: 'a', limit: 'many' }, 'limit', 'not as it should be'],
    ['a cursor of another list', { query: 'a', cursor: 'x' }, 'cursor', '"next"'],
  ])('is refused with %s', async (_, body, field, words) => {
    const answer = await tried(body);
    expect({ status: answer.status, field: answer.body.field }).toEqual({ status: 400, field });
    expect(answer.body.detail).toContain(words);
    expect(answer.body.detail).not.toContain('tried-rule');
  });

  test('is refused where no watchlist is live', async () => {
    const bare = await serveApi({ watchlistSource: async () => null });
    const answer = await bare.post('/api/watchlist/try', { query: 'a' });
    expect(await answer.json()).toMatchObject({ status: 400, detail: expect.stringContaining('wirewatch apply') });
    await bare.close();
  });
});

test('company is who appears with it, and where from', async () => {
  expect(await (await served.ask('/api/company?event=truce')).json()).toMatchObject({
    name: 'A truce',
    stories: 2,
    entities: [
      { id: 'iran', name: 'Iran', stories: 2 },
      { id: 'israel', stories: 1 },
    ],
    events: [],
    outlets: [
      { id: 'bbc', stories: 1 },
      { id: 'irna', stories: 1 },
    ],
    langs: [{ id: 'en', stories: 2 }],
  });
});
