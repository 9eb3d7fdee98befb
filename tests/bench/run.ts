/**
 * Runs the benchmarks and prints one Markdown table each: `npm run bench`, or `npm run bench -- matching reading` for some.
 * Machines differ and are shared, so compare the rows of one run.
 */
import { cpus, totalmem } from 'node:os';
import { type BenchTable, markdown } from './table.ts';

const benches: Readonly<Record<string, () => Promise<readonly BenchTable[]>>> = {
  system: async () => (await import('./system.ts')).benchSystem(),
  reading: async () => [await (await import('./reading.ts')).benchReading()].flat(),
  queries: async () => (await import('./queries.ts')).benchQueries(),
  polling: async () => [await (await import('./polling.ts')).benchPolling()].flat(),
  marks: async () => (await import('./marks.ts')).benchMarks(),
  load: async () => (await import('./load.ts')).benchLoad(),
  storylines: async () => [await (await import('./storylines.ts')).benchStorylines()].flat(),
  matching: async () => [await (await import('./matching.ts')).benchMatching()].flat(),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => benches[name] === undefined);
if (unknown.length > 0) {
  console.error(`no benchmark "${unknown.join('", "')}"; there are ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}
console.log(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB\n`,
);
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.error(`${name} …`);
  for (const table of await bench()) console.log(markdown(table));
}
