import { parseArgs } from 'node:util';
import { simulate } from './simulated-day.ts';

const { values } = parseArgs({
  options: {
    feeds: { type: 'string', default: '100' },
    settle: { type: 'string', default: '4' },
    from: { type: 'string', default: '5' },
    to: { type: 'string', default: '8' },
  },
});
const measured = await simulate({
  feeds: Number(values.feeds),
  settleFrom: Number(values.settle),
  from: Number(values.from),
  to: Number(values.to),
  say: (line) => console.error(line),
});
console.log(JSON.stringify(measured, null, 1));
