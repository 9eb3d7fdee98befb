import { isMap, type Node, type YAMLMap } from 'yaml';
import { durationSeconds } from '../config/duration.ts';
import { fieldsOf, scalarOf } from '../config/yaml-rows.ts';
import { items, nameOf, priorityOf, queryOf, type Reader, textOf } from './read-values.ts';
import type { EventSource } from './watchlist-source.ts';

export function readEvent(reader: Reader, id: string, map: YAMLMap, key: Node): EventSource | null {
  const owner = `event ${id}`;
  const keys = ['name', 'priority', 'when', 'while_running', 'running', 'unless', 'party', 'implies', 'escalators'];
  const fields = fieldsOf(reader.yaml, map, keys, owner);
  const value = (name: string) => fields.get(name)?.value ?? null;
  const rule = (name: string) => queryOf(reader, value(name), `${name} of ${owner}`, 'rule', {});
  const condition = (name: string) =>
    queryOf(reader, value(name), `${name} of ${owner}`, 'condition', { negative: true });
  if (!fields.has('when'))
    reader.report('error', key, `${owner} has no when:`, 'write the query that its stories match');
  const when = rule('when');
  const event = {
    id,
    name: nameOf(reader, fields, key, owner),
    priority: priorityOf(reader, value('priority'), 'normal'),
    whileRunning: rule('while_running'),
    running: runningOf(reader, value('running'), owner),
    unless: condition('unless'),
    party: condition('party'),
    implies: readImplies(reader, value('implies'), owner),
    escalators: readEscalators(reader, value('escalators'), owner),
  };
  return when === null ? null : { ...event, when };
}

function runningOf(reader: Reader, node: Node | null, owner: string): EventSource['running'] {
  const usual = { outlets: 3, withinHours: 72 };
  if (!isMap(node)) {
    if (node !== null)
      reader.report('error', node, `running of ${owner} is not a mapping`, 'write running: {outlets: 3, within: 72h}');
    return usual;
  }
  const fields = fieldsOf(reader.yaml, node, ['outlets', 'within'], `running of ${owner}`);
  const outlets = fields.get('outlets');
  const within = fields.get('within');
  const count = outlets === undefined ? usual.outlets : scalarOf(outlets.value);
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > 20) {
    reader.report('error', outlets?.value ?? node, 'outlets is not a whole number from 1 to 20', 'write outlets: 3');
  }
  const seconds = within === undefined ? usual.withinHours * 3_600 : durationSeconds(String(scalarOf(within.value)));
  if (seconds === null || seconds < 3_600 || seconds > 30 * 86_400) {
    reader.report('error', within?.value ?? node, 'within is no time from 1h to 30d', 'write within: 72h');
  }
  return {
    outlets: typeof count === 'number' ? count : usual.outlets,
    withinHours: Math.round((seconds ?? 259_200) / 3_600),
  };
}

function readImplies(reader: Reader, node: Node | null, owner: string): EventSource['implies'] {
  return items(reader, node, `implies of ${owner}`).flatMap((row) => {
    if (isMap(row)) {
      const fields = fieldsOf(reader.yaml, row, ['event', 'if'], `implies of ${owner}`);
      const event = textOf(fields.get('event')?.value ?? null);
      if (event === null) reader.report('error', row, 'implies names no event', 'write {event: id, if: query}');
      else reader.places.ids.set(`implies/${owner}/${event}`, fields.get('event')!.value!);
      const condition = queryOf(reader, fields.get('if')?.value ?? null, `implies of ${owner}`, 'condition', {
        negative: true,
      });
      return event === null ? [] : [{ event, if: condition }];
    }
    const event = textOf(row);
    if (event === null) return [];
    reader.places.ids.set(`implies/${owner}/${event}`, row);
    return [{ event, if: null }];
  });
}

function readEscalators(reader: Reader, node: Node | null, owner: string): EventSource['escalators'] {
  return items(reader, node, `escalators of ${owner}`).flatMap((row) => {
    if (!isMap(row)) {
      reader.report('error', row, 'an escalator is not a mapping', 'write {to: critical, when: query}');
      return [];
    }
    const fields = fieldsOf(reader.yaml, row, ['to', 'when'], `escalators of ${owner}`);
    const to = priorityOf(reader, fields.get('to')?.value ?? null, 'high');
    const when = queryOf(reader, fields.get('when')?.value ?? null, `escalators of ${owner}`, 'condition', {
      negative: true,
    });
    if (when === null && !fields.has('when'))
      reader.report('error', row, 'an escalator has no when:', 'write {to: critical, when: query}');
    return when === null ? [] : [{ to, when }];
  });
}
