import { isMap, type Node, type YAMLMap } from 'yaml';
import { fieldsOf } from '../config/yaml-rows.ts';
import { anyWordList, items, nameOf, priorityOf, queryOf, type Reader, textOf } from './read-values.ts';
import type { AmbiguousSource, EntitySource, WordList } from './watchlist-source.ts';

const emptyList: WordList = { items: [], query: null };

export function readEntity(reader: Reader, id: string, map: YAMLMap, key: Node): EntitySource {
  const owner = `entity @${id}`;
  const fields = fieldsOf(
    reader.yaml,
    map,
    ['name', 'kind', 'priority', 'aliases', 'ambiguous', 'phrases', 'stands_for'],
    owner,
  );
  const list = (name: string): WordList => {
    const field = fields.get(name);
    return field === undefined ? emptyList : anyWordList(reader, field.value, field.key, `${name} of ${owner}`, 'list');
  };
  const aliases = list('aliases');
  const ambiguous = readAmbiguous(reader, fields.get('ambiguous')?.value ?? null, owner);
  if (aliases.items.length === 0 && aliases.query === null && ambiguous.length === 0) {
    reader.report('error', key, `${owner} has no aliases`, 'write aliases: with a list for each language');
  }
  return {
    id,
    name: nameOf(reader, fields, key, owner),
    kind: textOf(fields.get('kind')?.value ?? null) ?? 'entity',
    priority: priorityOf(reader, fields.get('priority')?.value ?? null, 'normal'),
    aliases,
    ambiguous,
    phrases: list('phrases'),
    standsFor: list('stands_for'),
  };
}

function readAmbiguous(reader: Reader, node: Node | null, owner: string): AmbiguousSource[] {
  return items(reader, node, `ambiguous of ${owner}`).flatMap((row) => {
    if (!isMap(row)) {
      reader.report(
        'error',
        row,
        'an ambiguous alias is not a mapping',
        'write "- alias: …" and below it with: or not:',
      );
      return [];
    }
    const fields = fieldsOf(reader.yaml, row, ['alias', 'with', 'not'], `an ambiguous alias of ${owner}`);
    const alias = fields.get('alias');
    if (alias === undefined) {
      reader.report('error', row, 'an ambiguous entry has no alias', 'write "- alias: …"');
      return [];
    }
    const condition = (name: string) =>
      queryOf(reader, fields.get(name)?.value ?? null, owner, 'condition', { context: owner, negative: true });
    const entry = {
      alias: anyWordList(reader, alias.value, alias.key, `an ambiguous alias of ${owner}`, 'list'),
      with: condition('with'),
      not: condition('not'),
    };
    if (!fields.has('with') && !fields.has('not')) {
      reader.report(
        'error',
        row,
        'an ambiguous alias has neither with: nor not:',
        'say what company it needs, or move it to aliases',
      );
    }
    return [entry];
  });
}
