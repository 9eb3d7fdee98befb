import { isMap, isSeq, type Node, type YAMLMap } from 'yaml';
import type { Problem } from '../problem.ts';
import { durationSeconds } from './duration.ts';
import { fieldsOf, openYaml, scalarOf, type YamlFile } from './yaml-rows.ts';

/** One feed as the user configured it. */
export type FeedConfig = {
  /** Lower case letters, digits and hyphens; names the feed in commands, rows and logs. */
  readonly id: string;
  /** http or https, as written. */
  readonly url: string;
  readonly name: string;
  /** The newsroom: corroboration counts outlets, not feeds. */
  readonly outlet: string;
  /** 1 wire or paper of record, 2 established, 3 other. */
  readonly tier: 1 | 2 | 3;
  /** A news agency: what others carry in its words counts once, under it. */
  readonly wire: boolean;
  /** BCP 47, lower case. */
  readonly lang: string;
  /** ISO 3166 alpha-2. */
  readonly country: string;
  /** The least time between two polls; null leaves it to the feed. */
  readonly everySeconds: number | null;
  readonly paused: boolean;
  /** Other addresses of the same feed, tried in order. */
  readonly alternates: readonly string[];
  /** When the address was last looked into (`2026-11-24`), and where it was found. */
  readonly checked: { readonly date: string; readonly source: string } | null;
};

const rowKeys = [
  'id',
  'url',
  'name',
  'outlet',
  'tier',
  'wire',
  'lang',
  'country',
  'every',
  'paused',
  'alternates',
  'checked',
] as const;

/**
 * Reads feeds.yaml. A row with an error is left out and reported with its place; the others are returned, in the
 * file's order. Never throws.
 * @param file the file's name as the user gave it, for the problems
 */
export function readFeedsFile(text: string, file: string): { feeds: FeedConfig[]; problems: Problem[] } {
  const yaml = openYaml(text, file);
  const feeds: FeedConfig[] = [];
  const seen = { ids: new Map<string, string>(), urls: new Map<string, string>() };
  for (const row of feedRows(yaml)) {
    const before = errorCount(yaml);
    const feed = readRow(yaml, row);
    if (feed === null) continue;
    refuseDuplicate(yaml, row, feed, seen);
    if (errorCount(yaml) === before && !yaml.isBroken(row)) feeds.push(feed);
  }
  const problems = [...yaml.problems].sort((a, b) => a.line - b.line || a.column - b.column);
  return { feeds, problems };
}

function errorCount(yaml: YamlFile): number {
  return yaml.problems.filter((problem) => problem.severity === 'error').length;
}

function feedRows(yaml: YamlFile): readonly YAMLMap[] {
  const example = 'write "feeds:" and below it one "- id: …" a feed';
  if (!isMap(yaml.root)) {
    if (yaml.problems.length === 0) yaml.error(null, 'no list of feeds', example);
    return [];
  }
  const list = fieldsOf(yaml, yaml.root, ['feeds'], 'the file').get('feeds');
  if (list === undefined) {
    yaml.error(yaml.root, 'no list of feeds', example);
    return [];
  }
  if (!isSeq(list.value)) {
    yaml.error(list.key, '"feeds" is not a list', example);
    return [];
  }
  if (list.value.items.length === 0) yaml.warn(list.key, 'the list of feeds is empty', example);
  const rows: YAMLMap[] = [];
  for (const item of list.value.items) {
    const row = yaml.follow(item);
    if (isMap(row)) rows.push(row);
    else
      yaml.error(row ?? list.key, 'a feed is not a mapping', 'write "- id: …", then url, name and the rest below it');
  }
  return rows;
}

/** Null where not even its id is known; other faults are reported and stand in for values that are then not used. */
function readRow(yaml: YamlFile, row: YAMLMap): FeedConfig | null {
  const idNode = row.get('id', true) as Node | undefined;
  const owner = typeof scalarOf(idNode ?? null) === 'string' ? `feed "${scalarOf(idNode ?? null)}"` : 'a feed';
  const fields = fieldsOf(yaml, row, rowKeys, owner);
  const read = rowReader(yaml, row, fields, owner);
  const id = read.text('id', /^[a-z0-9][a-z0-9-]{0,63}$/, 'lower case letters, digits and hyphens, such as "irna-fa"');
  const feed = {
    url: read.address('url'),
    name: read.text('name', /\S/, 'what readers call it, such as "IRNA (Persian)"'),
    outlet: read.text(
      'outlet',
      /^[a-z0-9][a-z0-9-]{0,63}$/,
      'the newsroom, the same for all its feeds, such as "irna"',
    ),
    tier: read.tier(),
    wire: read.flag('wire'),
    lang: read.language(),
    country: read.text('country', /^[A-Z]{2}$/, 'two capital letters (ISO 3166), such as "IR"'),
    everySeconds: read.every(),
    paused: read.flag('paused'),
    alternates: read.addresses('alternates'),
    checked: read.checked(),
  };
  return id === '' ? null : { id, ...feed };
}

type Fields = ReturnType<typeof fieldsOf>;

function rowReader(yaml: YamlFile, row: YAMLMap, fields: Fields, owner: string) {
  const missing = (name: string, remedy: string) =>
    yaml.error(row, `${owner} has no ${name}`, `add "${name}": ${remedy}`);

  function text(name: string, pattern: RegExp, remedy: string): string {
    const field = fields.get(name);
    if (field === undefined) missing(name, remedy);
    const value = field && scalarOf(field.value);
    if (typeof value === 'string' && pattern.test(value)) return value;
    if (field !== undefined) {
      const hint =
        typeof value === 'string' || value === undefined ? `write ${remedy}` : `put it in quotes: "${value}"`;
      yaml.error(field.value ?? field.key, `bad ${name} ${shown(value)} in ${owner}`, hint);
    }
    return '';
  }

  function address(name: string): string {
    const field = fields.get(name);
    if (field === undefined) missing(name, 'the address of the feed itself');
    return field === undefined ? '' : checkedAddress(yaml, field.value, field.key, `${name} of ${owner}`);
  }

  function addresses(name: string): string[] {
    const field = fields.get(name);
    if (field === undefined) return [];
    if (isSeq(field.value)) {
      return field.value.items.map((item) =>
        checkedAddress(yaml, yaml.follow(item), field.key, `one of the ${name} of ${owner}`),
      );
    }
    yaml.error(field.value ?? field.key, `${name} of ${owner} is not a list`, 'write one "- https://…" a line');
    return [];
  }

  function tier(): 1 | 2 | 3 {
    const field = fields.get('tier');
    const remedy = '1 (wire or paper of record), 2 (established) or 3 (other)';
    if (field === undefined) missing('tier', remedy);
    const value = field && scalarOf(field.value);
    if (value === 1 || value === 2 || value === 3) return value;
    if (field !== undefined)
      yaml.error(field.value ?? field.key, `bad tier ${shown(value)} in ${owner}`, `write ${remedy}`);
    return 3;
  }

  function language(): string {
    const lang = text(
      'lang',
      /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i,
      'a BCP 47 language, such as "fa" or "zh-hant"',
    ).toLowerCase();
    if (lang === '' || languageNames.of(lang) !== undefined) return lang;
    const field = fields.get('lang');
    const meant = countryForLanguage[lang];
    yaml.error(
      field?.value ?? row,
      `"${lang}" in ${owner} is not a language`,
      meant === undefined ? 'write its BCP 47 code, such as "fa" or "zh"' : `did you mean "${meant}"?`,
    );
    return lang;
  }

  function every(): number | null {
    const field = fields.get('every');
    if (field === undefined) return null;
    const value = scalarOf(field.value);
    const seconds = typeof value === 'string' ? durationSeconds(value) : null;
    if (seconds !== null && seconds >= 60 && seconds <= 86_400) return seconds;
    yaml.error(
      field.value ?? field.key,
      `bad every ${shown(value)} in ${owner}`,
      'write a time from 1m to 24h, such as "15m"',
    );
    return null;
  }

  function flag(name: string): boolean {
    const field = fields.get(name);
    if (field === undefined) return false;
    const value = scalarOf(field.value);
    if (typeof value === 'boolean') return value;
    yaml.error(field.value ?? field.key, `bad ${name} ${shown(value)} in ${owner}`, 'write true or false');
    return false;
  }

  function checked(): FeedConfig['checked'] {
    const field = fields.get('checked');
    if (field === undefined) return null;
    const remedy = 'write {date: 2026-11-24, source: where the address was found}';
    if (!isMap(field.value)) {
      yaml.error(field.value ?? field.key, `bad checked in ${owner}`, remedy);
      return null;
    }
    const parts = fieldsOf(yaml, field.value, ['date', 'source'], `"checked" of ${owner}`);
    const date = scalarOf(parts.get('date')?.value ?? null);
    const source = scalarOf(parts.get('source')?.value ?? null);
    if (typeof date === 'string' && isDay(date) && typeof source === 'string') return { date, source };
    yaml.error(field.value, `bad checked in ${owner}`, remedy);
    return null;
  }

  return { text, address, addresses, tier, language, every, flag, checked };
}

const languageNames = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });

/** Country codes that are often written for the language. */
const countryForLanguage: Readonly<Record<string, string>> = {
  cn: 'zh',
  jp: 'ja',
  ua: 'uk',
  ir: 'fa',
  il: 'he',
  kz: 'kk',
  gr: 'el',
  us: 'en',
  gb: 'en',
};

function checkedAddress(yaml: YamlFile, node: Node | null, at: Node, owner: string): string {
  const value = scalarOf(node);
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    yaml.error(node ?? at, `bad ${owner}: ${shown(value)}`, 'write an absolute http or https address');
    return '';
  }
  if (url.username !== '' || url.password !== '') {
    yaml.error(node ?? at, `${owner} holds a user name or password`, 'leave them out: such addresses are not polled');
  }
  return String(value);
}

function refuseDuplicate(
  yaml: YamlFile,
  row: YAMLMap,
  feed: FeedConfig,
  seen: { ids: Map<string, string>; urls: Map<string, string> },
): void {
  const at = (key: string) => (row.get(key, true) as Node | undefined) ?? row;
  if (seen.ids.has(feed.id)) {
    yaml.error(at('id'), `a second feed is called "${feed.id}"`, 'give each feed an id of its own');
  }
  const key = sameAddress(feed.url);
  const other = seen.urls.get(key);
  if (other !== undefined && feed.url !== '') {
    yaml.error(at('url'), `feed "${feed.id}" has the address of feed "${other}"`, 'keep one of the two');
  }
  seen.ids.set(feed.id, feed.id);
  if (other === undefined) seen.urls.set(key, feed.id);
}

/** Two spellings that ask one server for one thing are one address. */
function sameAddress(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return url;
  return `${parsed.host}${parsed.pathname}${parsed.search}`;
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function shown(value: unknown): string {
  if (value === undefined) return '(nothing)';
  const text = String(value);
  return `"${text.length > 80 ? `${text.slice(0, 80)}…` : text}"`;
}
