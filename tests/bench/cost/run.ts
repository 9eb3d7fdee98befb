/**
 * What a month costs, from a simulated stretch of a day through the real functions: `npm run cost`. See docs/cost.md for what
 * is measured, assumed and left out.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { total } from '../../../lib/core/cost/month.ts';
import { pricesRead } from '../../../lib/core/cost/prices.ts';
import { markdown } from '../table.ts';
import { type Bill, billOf } from './bill.ts';
import { type Measured, simulate } from './simulated-day.ts';
import { standing } from './standing.ts';
import { billTable, countTable, savingTable } from './tables.ts';

const { values } = parseArgs({
  options: {
    /** Which lists of feeds are measured. */
    feeds: { type: 'string', default: '100,1000' },
    /** Hours of the day that are measured. Five to eight hold one of the night's hours for two of the day's, as a day does. */
    from: { type: 'string', default: '5' },
    to: { type: 'string', default: '8' },
    /** Keeps what was counted, or takes it from there instead of measuring. */
    save: { type: 'string' },
    read: { type: 'string' },
  },
});

const stands = await standing();
const measured =
  values.read === undefined ? await measureAll() : (JSON.parse(readFileSync(values.read, 'utf8')) as Measured[]);
if (values.save !== undefined) writeFileSync(values.save, JSON.stringify(measured, null, 1));

const bills: Bill[] = measured.map((one) => billOf(one, stands));
const largest = measured.at(-1);
if (largest !== undefined) bills.push(billOf(largest, stands, 10_000 / largest.feeds));

console.log(`List prices of us-east-1, read ${pricesRead}, free tiers ignored, a month of 30 days.\n`);
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
      await simulate({ feeds, settleFrom: from - 2, from, to: Number(values.to), say: (line) => console.error(line) }),
    );
  }
  return found;
}
