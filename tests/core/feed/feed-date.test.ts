import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDate } from '../../../lib/core/feed/feed-date.ts';

const zone = process.env.TZ;

/** Half an hour off, and once with daylight saving: what leans on the machine's zone shows. */
beforeAll(() => {
  process.env.TZ = 'Asia/Tehran';
});
afterAll(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

const june = '2025-06-10T08:30:00.000Z';

test.each([
  ['Tue, 10 Jun 2025 08:30:00 GMT', june],
  ['Tue,10 Jun 2025 08:30:00 +0000', june],
  ['Tue, 10 Jun 2025 08:30:00 -0000', june],
  ['  Tue,  10  Jun 2025\n 08:30:00  GMT ', june],
  ['10 Jun 2025 08:30:00', june],
  ['10 Jun, 2025 08:30 GMT', june],
  ['10-Jun-2025 08:30:00 UTC', june],
  ['Jun 10 2025 08:30:00', june],
  ['June 10th, 2025 at 8:30am', june],
  ['10. Juni 2025, 08:30 Uhr', june],
  ['10 de junio de 2025 08:30', june],
  ['10 июня 2025 г. 08:30', june],
  ['10 czerwca 2025 08:30', june],
  ['10 Ιουνίου 2025 08:30', june],
  ['10 يونيو 2025 08:30', june],
  ['2025年6月10日 08:30:00', june],
  ['2025. 06. 10. 08:30', june],
  ['2025년 6월 10일 오전 08:30', june],
  ['2025-06-10 下午 8:30', '2025-06-10T20:30:00.000Z'],
  ['٢٠٢٥-٠٦-١٠ ٠٨:٣٠', june],
  ['२०२५-०६-१० ०८:३०', june],
  ['2025-06-10T08:30:00−03:30', '2025-06-10T12:00:00.000Z'],
  ['10.06.2025 08:30', june],
  ['06/10/2025 08:30', june],
  ['25/06/2025 08:30', '2025-06-25T08:30:00.000Z'],
  ['2025/06/10 08:30', june],
  ['Tue, 2025-06-10 08:30:00', june],
  ['1749544200', june],
  ['1749544200000', june],
  ['Tue, 10 Jun 2025 08:30:00 GMT+0530', '2025-06-10T03:00:00.000Z'],
  ['Tue, 10 Jun 2025 08:30:00 (some zone)', june],
  ['12:00 AM, Jun 10 2025', '2025-06-10T00:00:00.000Z'],
  ['Jun 10 2025 12:15 p.m.', '2025-06-10T12:15:00.000Z'],
  ['2025-W01-1', '2024-12-30T00:00:00.000Z'],
  ['2020-W53-7', '2021-01-03T00:00:00.000Z'],
  ['2024-366', '2024-12-31T00:00:00.000Z'],
  ['1982-09-01T05:06:16.069Z', '1982-09-01T05:06:16.069Z'],
  ['29 Feb 2024', '2024-02-29T00:00:00.000Z'],
  ['29 Feb 2025', null],
  ['2025-00-10', null],
  ['2025-06-10T08:60:00Z', null],
  ['2025-06-10T24:30:00Z', null],
  ['12345-06-10', null],
  ['Thu, 01 Jan 0100 00:00:01 GMT', null],
  ['in the year 2525', null],
  ['10:30', null],
  ['', null],
])('%s', (text, expected) => {
  expect(readDate(text)?.toISOString() ?? null).toBe(expected);
});

test('the zone of the machine is another one while these run', () => {
  expect(new Date('2025-06-10T00:00').toISOString()).not.toBe('2025-06-10T00:00:00.000Z');
});
