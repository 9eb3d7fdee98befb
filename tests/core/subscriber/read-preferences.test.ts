import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAddress } from '../../../lib/core/subscriber/read-address.ts';
import { deliveryWords, quietWords, readDelivery, readQuiet } from '../../../lib/core/subscriber/read-delivery.ts';
import { readPreferences } from '../../../lib/core/subscriber/read-preferences.ts';
import { type Delivery, defaultPreferences, type Preferences } from '../../../lib/core/subscriber/subscriber.ts';

const before: Preferences = { ...defaultPreferences, follow: ['iran'] };
const known = { ids: ['iran', 'israel', 'israel-iran-ceasefire'], before, smsUsd: 0.1 };
const read = (body: unknown, from: Partial<Preferences> = {}) =>
  readPreferences(body, { ...known, before: { ...before, ...from } });
const quiet = { start: '22:00', end: '07:00', criticalPasses: true };

describe('preferences', () => {
  test.each<[string, object, Partial<Preferences>]>([
    ['nothing', {}, {}],
    ['ids, once each', { follow: ['iran', 'israel', 'iran'] }, { follow: ['iran', 'israel'] }],
    ['everything, whatever else is named', { follow: ['iran', '*'] }, { follow: ['*'] }],
    ['languages by tag and by name', { langs: ['FA', 'zh-Hans', 'english', 'fa-IR'] }, { langs: ['fa', 'zh', 'en'] }],
    ['every language', { langs: [] }, { langs: [] }],
    ['states in their order', { states: ['escalated', 'new'] }, { states: ['new', 'escalated'] }],
    ['a daily digest', { delivery: 'daily@8' }, { delivery: { kind: 'daily', hour: 8 } }],
    ['a weekly one', { delivery: 'weekly@Monday@08' }, { delivery: { kind: 'weekly', weekday: 1, hour: 8 } }],
    [
      'a digest as the row has it',
      { delivery: { kind: 'weekly', weekday: 7, hour: 0 } },
      { delivery: { kind: 'weekly', weekday: 7, hour: 0 } },
    ],
    ['quiet hours', { quiet: '22:00-7:00', criticalPasses: true }, { quiet }],
    ['quiet hours as the row has them', { quiet }, { quiet }],
    ['a zone in any case', { timeZone: 'europe/berlin' }, { timeZone: 'Europe/Berlin' }],
    ['a zone by its older name', { timeZone: 'Asia/Calcutta' }, { timeZone: 'Asia/Calcutta' }],
    ['caps', { smsPerDay: 5, smsUsdPerMonth: 0.1 }, { smsPerDay: 5, smsUsdPerMonth: 0.1 }],
    ['no caps', { smsPerDay: null, smsUsdPerMonth: null }, {}],
    ['a pause', { paused: true }, { paused: true }],
  ])('that say %s', (_, body, change) => {
    expect(read(body)).toEqual({ kind: 'preferences', preferences: { ...before, ...change } });
  });

  test('keep what the body does not name', () => {
    expect(read({ paused: false }, { quiet, langs: ['fa'] })).toMatchObject({ preferences: { quiet, langs: ['fa'] } });
    expect(read({ criticalPasses: false }, { quiet })).toMatchObject({
      preferences: { quiet: { ...quiet, criticalPasses: false } },
    });
    expect(read({ quiet: '23:00-06:00' }, { quiet })).toMatchObject({
      preferences: { quiet: { criticalPasses: true } },
    });
    expect(read({ quiet: 'none' }, { quiet })).toMatchObject({ preferences: { quiet: null } });
  });

  test.each<[string, unknown, string, RegExp]>([
    ['no object', [], '', /no JSON object/],
    ['a field that there is not', { zone: 'UTC' }, 'zone', /no preference "zone"/],
    ['a misspelt field', { leastpriority: 'low' }, 'leastpriority', /did you mean "leastPriority"/],
    ['nothing to follow', { follow: [] }, 'follow', /nothing to follow/],
    ['an unknown id', { follow: ['isreal'] }, 'follow', /called "isreal"; did you mean "israel"\?/],
    ['an id that is no text', { follow: [7] }, 'follow', /called "7"/],
    ['too many ids', { follow: Array(201).fill('iran') }, 'follow', /200 at most/],
    ['a priority that there is not', { leastPriority: 'hihg' }, 'leastPriority', /did you mean "high"/],
    ['an unknown language', { langs: ['xx'] }, 'langs', /"xx" is not a language/],
    ['a language by a misspelt name', { langs: ['Persain'] }, 'langs', /did you mean "fa"/],
    ['no list of languages', { langs: 'fa' }, 'langs', /no list/],
    ['no state', { states: [] }, 'states', /pause instead/],
    ['an unknown state', { states: ['closed'] }, 'states', /"closed" is none of/],
    ['a digest hour of 25', { delivery: 'daily@25' }, 'delivery', /"25" is no hour of a day; .*0 to 23/],
    ['the same in a row', { delivery: { kind: 'daily', hour: 25 } }, 'delivery', /"25" is no hour/],
    ['half an hour', { delivery: 'daily@8.5' }, 'delivery', /"8.5" is no hour/],
    ['a weekday that there is not', { delivery: 'weekly@moon@8' }, 'delivery', /"moon" is no weekday/],
    ['a weekday of 8', { delivery: { kind: 'weekly', weekday: 8, hour: 8 } }, 'delivery', /no weekday/],
    ['a digest without its hour', { delivery: 'daily' }, 'delivery', /daily@8/],
    ['a misspelt digest', { delivery: 'dayly@8' }, 'delivery', /did you mean "daily"/],
    ['a digest that is a number', { delivery: 8 }, 'delivery', /no time of delivery/],
    ['quiet hours without length', { quiet: '22:00-22:00' }, 'quiet', /from 22:00 to 22:00 .* pause instead/],
    ['the same in another spelling', { quiet: { start: '7:00', end: '07:00' } }, 'quiet', /from 07:00 to 07:00/],
    ['quiet hours at no time', { quiet: '22:00-24:00' }, 'quiet', /"24:00" is no time/],
    ['half of quiet hours', { quiet: '22:00' }, 'quiet', /no quiet hours/],
    ['a zone that does not exist', { timeZone: 'Mars/Olympus' }, 'timeZone', /"Mars\/Olympus" is not a time zone/],
    ['a misspelt zone', { timeZone: 'Europe/Berln' }, 'timeZone', /did you mean "Europe\/Berlin"/],
    ['a city for a zone', { timeZone: 'New York' }, 'timeZone', /did you mean "America\/New_York"/],
    ['an offset, which knows no summer time', { timeZone: '+01:00' }, 'timeZone', /not a time zone/],
    ['a cap of zero a day', { smsPerDay: 0 }, 'smsPerDay', /1 to 1000, or pause instead/],
    ['half an SMS', { smsPerDay: 1.5 }, 'smsPerDay', /whole number/],
    ['a cap of zero dollars', { smsUsdPerMonth: 0 }, 'smsUsdPerMonth', /pause instead/],
    [
      'a cap below one message',
      { smsUsdPerMonth: 0.05 },
      'smsUsdPerMonth',
      /less than one SMS is taken to cost, \$0.1/,
    ],
    ['no number of dollars', { smsUsdPerMonth: Number.NaN }, 'smsUsdPerMonth', /US dollars/],
    ['a pause that is neither', { paused: 'yes' }, 'paused', /neither true nor false/],
  ])('refuse %s', (_, body, field, words) => {
    expect(read(body)).toMatchObject({
      kind: 'refused',
      refusals: [{ field, sentence: expect.stringMatching(words) }],
    });
  });

  test('name every wrong field at once', () => {
    const answer = read({ timeZone: 'x', smsPerDay: 0, follow: ['iran'], langs: ['qq'] });
    expect(answer.kind === 'refused' && answer.refusals.map(({ field }) => field)).toEqual([
      'langs',
      'timeZone',
      'smsPerDay',
    ]);
  });

  test('never throw, whatever is sent, and show no control character', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(before), 'criticalPasses', 'x'), fc.anything()),
        (body) => {
          const answer = read(body);
          if (answer.kind === 'refused') {
            for (const { sentence } of answer.refusals) expect(sentence).not.toMatch(/\p{Cc}/u);
          }
        },
      ),
    );
  });

  test.each<Delivery>([
    { kind: 'at-once' },
    { kind: 'hourly' },
    { kind: 'daily', hour: 0 },
    { kind: 'weekly', weekday: 7, hour: 23 },
  ])('the delivery $kind is read back from its words', (delivery) =>
    expect(readDelivery('delivery', deliveryWords(delivery))).toEqual({ value: delivery }),
  );

  test('quiet hours are read back from their words', () => {
    expect(readQuiet('quiet', quietWords(quiet), true)).toEqual({ value: quiet });
    expect(readQuiet('quiet', quietWords(null), true)).toEqual({ value: null });
  });
});

describe('addresses', () => {
  test.each([
    ['email', 'desk@example.org'],
    ['email', ' first.last+news@mail.example.co.uk '],
    ['email', 'desk@xn--mnchen-3ya.example'],
    ['sms', '+4915112345678'],
    ['https', 'https://example.org/alerts?key=1'],
  ] as const)('%s: %s', (channel, address) => {
    expect(readAddress(channel, address)).toEqual({ value: address.trim() });
  });

  test.each([
    ['email', 'desk', /name@example.org/],
    ['email', 'desk@example', /name@example.org/],
    ['email', 'a..b@example.org', /name@example.org/],
    ['email', 'a@b@example.org', /name@example.org/],
    ['email', 'desk@example.org, boss@example.org', /name@example.org/],
    ['email', 'desk@example.org\nBcc: x@example.org', /"desk@example.org Bcc: x@example.org" is not/],
    ['email', `${'a'.repeat(65)}@example.org`, /name@example.org/],
    ['email', 'desk@münchen.example', /write desk@xn--mnchen-3ya.example/],
    ['sms', '015112345678', /with its country code/],
    ['sms', '+49 (151) 1234-5678', /write \+4915112345678$/],
    ['sms', '004915112345678', /write \+4915112345678$/],
    ['sms', '+1234567890123456', /E\.164/],
    ['sms', '+0123456789', /E\.164/],
    ['sms', '+49abc', /E\.164/],
    ['https', 'http://example.org/x', /write https:\/\/example.org\/x$/],
    ['https', 'example.org', /write one like/],
    ['https', 'ftp://example.org', /write one like/],
    ['https', 'https://localhost/x', /no public network/],
    ['https', 'https://127.0.0.1:8443/', /no public network/],
  ] as const)('%s refuses %s', (channel, address, words) => {
    expect(readAddress(channel, address)).toMatchObject({
      refused: { field: 'address', sentence: expect.stringMatching(words) },
    });
  });
});
