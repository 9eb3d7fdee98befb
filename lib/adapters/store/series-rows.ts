import type { HourCount, SeriesDay, SeriesStore, SeriesTarget } from '../../pipeline/ports/series-store.ts';
import type { Row, Table } from './table.ts';

/** A row a day and target: a year of a target is one query, and under a kilobyte a day. */
export function seriesRows(table: Table, retentionDays: number): SeriesStore {
  return {
    async days(target, from, to) {
      const rows = await table.queryAll({
        KeyConditionExpression: 'pk = :target AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':target': seriesKey(target), ':from': from, ':to': to },
      });
      return rows.map(toDay);
    },
    async putDay(target, { day, hours, outlets }) {
      const packed = Object.fromEntries(
        Object.entries(hours).map(([hour, count]) => [hour, [count.stories, count.outlets]]),
      );
      await table.put({
        pk: seriesKey(target),
        sk: day,
        kind: 'series',
        v: 1,
        hours: packed,
        outlets: [...outlets],
        expires: Math.floor(Date.parse(day) / 1000) + (retentionDays + 1) * 86_400,
      });
    },
  };
}

function seriesKey(target: SeriesTarget): string {
  return target.name === 'all' ? 'SERIES#all#' : `SERIES#${target.name}#${target.value}`;
}

function toDay(row: Row): SeriesDay {
  const hours = Object.entries(row.hours as Record<string, readonly [number, number]>).map(
    ([hour, [stories, outlets]]): [string, HourCount] => [hour, { stories, outlets }],
  );
  return { day: row.sk, hours: Object.fromEntries(hours), outlets: row.outlets as string[] };
}
