import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { generateOpml, parseOpml } from 'feedsmith';
import { createFetchFeed } from '../../lib/adapters/fetch-feed.ts';
import { inWords } from '../../lib/core/feed/cadence.ts';
import { readFeed } from '../../lib/core/feed/read-feed.ts';
import { PlainError } from '../../lib/core/plain-error.ts';
import { mapLimited } from '../../lib/pipeline/map-limited.ts';
import type { ListedFeed } from '../../lib/pipeline/queries.ts';
import type { CommandFile } from '../command-file.ts';
import { findFeed, type NewFeed, rowFor, slug } from '../new-feed.ts';
import { printJson, printTable, say, shortTime } from '../output.ts';
import { addSystemOptions, openSystem, type System, type SystemOptions } from '../system.ts';

type Options = SystemOptions & { readonly json?: boolean; readonly allowHost?: readonly string[] };

export const command: CommandFile = {
  describe: 'list, add, remove, pause and check feeds; OPML in and out',
  build(command) {
    const sub = (name: string, describe: string): Command =>
      addSystemOptions(command.command(name).description(describe).option('--json', 'one JSON document'));
    addSystemOptions(
      command
        .command('list', { isDefault: true })
        .description('every feed: state, last story, failures, next poll')
        .option('--json', 'one JSON document'),
    ).action(list);
    sub('add', 'add a feed by its address, or by that of a site that names one')
      .argument('<url>')
      .option('--id <id>', 'its id; else made from the address')
      .option('--name <name>', 'its name; else its title')
      .option('--outlet <id>', 'the newsroom; feeds of one outlet count once')
      .option('--tier <n>', '1 wire or paper of record, 2 established, 3 other', Number)
      .option('--lang <code>', 'its language; else what it says')
      .option('--country <code>', 'ISO 3166, two letters')
      .option('--allow-host <host:port...>', 'exempt exactly this host and port from the guard', [])
      .action(add);
    sub('remove', 'remove a feed that was added at run time').argument('<id>').action(remove);
    sub('pause', 'stop polling a feed, through later applies too, until it is resumed')
      .argument('<id>')
      .action((id, options) => setPaused(id, 'pause', options));
    sub('resume', 'poll it again')
      .argument('<id>')
      .action((id, options) => setPaused(id, 'resume', options));
    sub('check', 'ask every feed once from here, and show what is wrong')
      .option('--allow-host <host:port...>', 'exempt exactly this host and port from the guard', [])
      .action(check);
    sub('import', 'add the feeds of an OPML file').argument('<file>').action(importOpml);
    addSystemOptions(command.command('export').description('every feed as OPML')).action(exportOpml);
    command.addHelpText(
      'after',
      '\nChanges are live within a minute, without a deploy. Feeds of feeds.yaml are changed there.',
    );
  },
};

async function listed(system: System): Promise<readonly ListedFeed[]> {
  return (await system.api<{ feeds: readonly ListedFeed[] }>('GET', '/api/feeds')).feeds;
}

async function list(options: Options): Promise<void> {
  const feeds = await listed(await openSystem(options));
  if (options.json) return printJson({ feeds });
  if (feeds.length === 0) return say('no feeds; add some to config/feeds.yaml and run "wirewatch apply"');
  printTable(
    ['feed', 'state', 'last story', 'every', 'next poll', 'failures', 'problem'],
    feeds.map((feed) => [
      feed.id,
      feed.state,
      shortTime(feed.lastStory),
      inWords(feed.cadence.seconds),
      shortTime(feed.nextPoll),
      feed.failures === 0 ? '' : String(feed.failures),
      feed.problem,
    ]),
  );
}

async function add(url: string, options: Options & Partial<NewFeed>): Promise<void> {
  const address = URL.canParse(url) ? url : `https://${url}`;
  const fetcher = createFetchFeed({ allowHosts: options.allowHost ?? [] });
  const found = await findFeed(address, fetcher.fetchFeed).finally(() => fetcher.close());
  const row = rowFor(found, options, new Date().toISOString().slice(0, 10));
  const system = await openSystem(options);
  const { added } = await post(system, [row]);
  if (options.json) return printJson({ added, feed: row, entries: found.entries });
  say(`${row.id} (${row.name}, ${row.lang}, ${found.entries} entries now) is polled by ${system.name} within a minute`);
}

/** The body is read as feeds.yaml is, and JSON is YAML. */
function post(system: System, feeds: readonly NewFeed[]): Promise<{ added: readonly string[] }> {
  return system.api('POST', '/api/feeds', { feeds });
}

async function remove(id: string, options: Options): Promise<void> {
  const answer = await (await openSystem(options)).api('DELETE', `/api/feeds/${encodeURIComponent(id)}`);
  if (options.json) return printJson(answer);
  say(`${id} is removed; its stories stay until they expire`);
}

async function setPaused(id: string, wish: 'pause' | 'resume', options: Options): Promise<void> {
  const answer = await (await openSystem(options)).api('POST', `/api/feeds/${encodeURIComponent(id)}/${wish}`);
  if (options.json) return printJson(answer);
  say(`${id} is ${wish === 'pause' ? 'paused' : 'polled again within a minute'}`);
}

async function check(options: Options): Promise<void> {
  const feeds = (await listed(await openSystem(options))).filter(({ state }) => state !== 'paused');
  const fetcher = createFetchFeed({ allowHosts: options.allowHost ?? [] });
  let done = 0;
  const results = await mapLimited(feeds, 12, async ({ id, url }) => {
    const problem = await problemOf(url, fetcher.fetchFeed);
    done += 1;
    if (process.stderr.isTTY) process.stderr.write(`\rasked ${done} of ${feeds.length}`);
    return { id, url, problem };
  });
  await fetcher.close();
  if (process.stderr.isTTY) process.stderr.write('\n');
  const wrong = results.filter(({ problem }) => problem !== null);
  if (wrong.length > 0) process.exitCode = 1;
  if (options.json) return printJson({ checked: results.length, wrong });
  say(`${results.length - wrong.length} of ${results.length} feeds can be read from here`);
  if (wrong.length > 0)
    printTable(
      ['feed', 'problem', 'address'],
      wrong.map(({ id, problem, url }) => [id, problem ?? '', url]),
    );
}

async function problemOf(
  url: string,
  fetchFeed: ReturnType<typeof createFetchFeed>['fetchFeed'],
): Promise<string | null> {
  const fetched = await fetchFeed({ url, etag: null, lastModified: null });
  if (fetched.kind === 'failed') return `${fetched.reason}: ${fetched.message}`;
  if (fetched.kind === 'unchanged') return 'answers 304 to a first request';
  const read = await readFeed(fetched.body, { contentType: fetched.contentType, url: fetched.url, now: new Date() });
  return read.kind === 'feed' ? null : `${read.error.kind}: ${read.error.message}`;
}

async function importOpml(file: string, options: Options): Promise<void> {
  const rows = opmlRows(readFileSync(file, 'utf8'), file);
  const system = await openSystem(options);
  const added: string[] = [];
  const refused: string[] = [];
  for (const row of rows) {
    // One feed that is there already must not keep the others out.
    await post(system, [row]).then(
      () => added.push(row.id),
      (error: Error) => refused.push(`${row.url}: ${error.message}`),
    );
  }
  if (options.json) return printJson({ added, refused });
  for (const line of refused) say(line);
  say(`${added.length} feeds added, ${refused.length} left out`);
}

type Outline = {
  readonly text?: string;
  readonly xmlUrl?: string;
  readonly language?: string;
  readonly outlines?: readonly Outline[];
};

function opmlRows(text: string, file: string): readonly NewFeed[] {
  let outlines: readonly Outline[];
  try {
    outlines = (parseOpml(text).body?.outlines ?? []) as readonly Outline[];
  } catch (error) {
    throw new PlainError(`${file} is not OPML: ${error instanceof Error ? error.message : error}`);
  }
  const flat = (list: readonly Outline[]): readonly Outline[] =>
    list.flatMap((one) => [one, ...flat(one.outlines ?? [])]);
  const today = new Date().toISOString().slice(0, 10);
  return flat(outlines).flatMap((outline): NewFeed[] => {
    if (outline.xmlUrl === undefined || !URL.canParse(outline.xmlUrl)) return [];
    const name = outline.text ?? outline.xmlUrl;
    return [
      {
        id: slug(name),
        url: outline.xmlUrl,
        name,
        outlet: slug(new URL(outline.xmlUrl).hostname.replace(/^www\./, '')),
        tier: 3,
        lang: outline.language?.split('-')[0]?.toLowerCase() || 'en',
        country: 'XX',
        checked: { date: today, source: `imported from ${file}` },
      },
    ];
  });
}

async function exportOpml(options: SystemOptions): Promise<void> {
  const feeds = await listed(await openSystem(options));
  const outlines = feeds.map(({ name, url, lang }) => ({ type: 'rss', text: name, xmlUrl: url, language: lang }));
  process.stdout.write(`${generateOpml({ head: { title: 'Wirewatch feeds' }, body: { outlines } })}\n`);
}
