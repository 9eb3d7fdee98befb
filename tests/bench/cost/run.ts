/**
 * What a month costs, from a simulated stretch of a day through the real functions: `npm run cost`. See docs/cost.md for what
 * is measured, assumed and left out.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { total } from '../../../lib/core/cost/month.ts';
import { pricesOf } from '../../../lib/core/cost/prices.ts';
import { markdown } from '../table.ts';
import { type Bill, billOf, extrapolated } from './bill.ts';
import { type Measured, simulate } from './simulated-day.ts';
import { standing } from './standing.ts';
import { billTable, countTable, savingTable } from './tables.ts';

const { values } = parseArgs({
  options: {
    /** Which lists of feeds are measured. */
    feeds: { type: 'string', default: '100,1000' },
    /** Hours of the day that are measured: a quarter of an hour of waiting for a day of a hundred feeds, forty minutes for a thousand. */
    from: { type: 'string', default: '0' },
    to: { type: 'string', default: '24' },
    /** All as busy as the first hundred, without the long tail. */
    newsrooms: { type: 'boolean', default: false },
    /** Keeps what was counted, or takes it from there instead of measuring. */
    save: { type: 'string' },
    read: { type: 'string', multiple: true },
  },
});

const say = (line: string) => console.error(line);
const stands = await standing();
const measured =
  values.read === undefined
    ? await measureAll()
    : values.read.flatMap((file) => JSON.parse(readFileSync(file, 'utf8')) as Measured[]);
if (values.save !== undefined) writeFileSync(values.save, JSON.stringify(measured, null, 1));

const bills: Bill[] = measured.map((one) => billOf(one, stands));
const [less, more] = bills;
if (less !== undefined && more !== undefined) bills.push(extrapolated(less, more, 10_000));

console.log(`List prices of us-east-1 as known in ${pricesOf}, free tiers ignored, a month of 30 days.\n`);
console.log(markdown(countTable(measured)));
console.log(markdown(billTable(bills)));
for (const one of measured) console.log(markdown(savingTable(one, stands)));
for (const { feeds, pipeline, operations } of bills) {
  console.log(`${feeds} feeds: pipeline $${total(pipeline).toFixed(2)}, operations $${total(operations).toFixed(2)}`);
}

async function measureAll(): Promise<Measured[]> {
  const found: Measured[] = [];
  for (const feeds of values.feeds.split(',').map(Number)) {
    const from = Number(values.from);
    found.push(
      await simulate({ feeds, allNewsrooms: values.newsrooms, settleFrom: from - 2, from, to: Number(values.to), say }),
    );
  }
  return found;
}
