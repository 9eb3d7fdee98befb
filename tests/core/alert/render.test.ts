import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AlertFacts, AlertReader } from '../../../lib/core/alert/alert-facts.ts';
import { columnsOf } from '../../../lib/core/alert/columns.ts';
import { renderEmail } from '../../../lib/core/alert/render-email.ts';
import { renderIntegration } from '../../../lib/core/alert/render-integration.ts';
import { renderSms } from '../../../lib/core/alert/render-sms.ts';
import { timeInZone } from '../../../lib/core/alert/time-in-zone.ts';
import { countSeptets } from './gsm7-by-position.ts';

const facts: AlertFacts = {
  storyline: 's1',
  state: 'new',
  priority: 'normal',
  story: {
    id: 's1',
    title: 'Ceasefire holds',
    outlet: 'Meridian Wire',
    url: 'https://meridian.example/1',
    published: '2025-06-25T10:35:00.000Z',
    lang: 'en',
  },
  entities: [{ id: 'iran', name: 'Iran' }],
  events: [{ id: 'israel-iran-ceasefire', name: 'Israel-Iran ceasefire' }],
  evidence: [{ target: 'israel-iran-ceasefire', text: 'Ceasefire' }],
  outlets: 1,
  wires: 0,
};
const noLinks = { storylineUrl: null, muteUrl: null, changeUrl: null, stopUrl: null };
const reader: AlertReader = { timeZone: 'UTC', ...noLinks };
const story = (change: Partial<AlertFacts['story']>): AlertFacts => ({
  ...facts,
  story: { ...facts.story, ...change },
});

describe('times', () => {
  test.each([
    ['half an hour off', '2025-06-25T10:35:00Z', 'Asia/Tehran', 'Wednesday 25 June 2025, 14:05 Asia/Tehran'],
    ['the next day', '2025-06-25T20:00:00Z', 'Asia/Shanghai', 'Thursday 26 June 2025, 04:00 Asia/Shanghai'],
    ['midnight is 00', '2025-06-25T00:00:00Z', 'UTC', 'Wednesday 25 June 2025, 00:00 UTC'],
    [
      'before the clocks go back',
      '2025-10-26T00:30:00Z',
      'Europe/Berlin',
      'Sunday 26 October 2025, 02:30 Europe/Berlin',
    ],
    ['a zone that does not exist', '2025-06-25T10:35:00Z', 'Mars/Olympus', 'Wednesday 25 June 2025, 10:35 UTC'],
    ['no time', 'soon', 'UTC', 'at an unknown time'],
  ])('%s', (_, iso, zone, shown) => {
    expect(timeInZone(iso, zone)).toBe(shown);
  });
});

describe('e-mail', () => {
  test.each<[string, AlertFacts, string]>([
    ['the title', facts, 'Ceasefire holds'],
    ['high priority first', { ...facts, priority: 'high' }, '[high] Ceasefire holds'],
    ['critical likewise', { ...facts, priority: 'critical' }, '[critical] Ceasefire holds'],
    ['who carries it', { ...facts, outlets: 3, wires: 1 }, 'Ceasefire holds (3 outlets, 1 wire)'],
    ['a correction', { ...facts, state: 'corrected' }, 'Corrected: Ceasefire holds'],
    ['an escalation', { ...facts, state: 'escalated', priority: 'high' }, '[high] Escalated: Ceasefire holds'],
    ['the event where the title is empty', story({ title: '' }), 'Israel-Iran ceasefire'],
    ['the entity where there is no event', { ...story({ title: '' }), events: [] }, 'Iran'],
    ['something in any case', { ...story({ title: '' }), events: [], entities: [] }, 'A story that you follow'],
  ])('its subject is %s', (_, given, subject) => {
    expect(renderEmail(given, reader).subject).toBe(subject);
  });

  test('a link longer than a line stays whole on a line of its own', () => {
    const url = `https://meridian.example/${'long-path/'.repeat(20)}?a=1&b=2`;
    expect(renderEmail(story({ url }), reader).body.split('\n')).toContain(url);
  });

  test.each(['javascript:alert(1)', 'not a url', 'data:text/html,x'])('the link %s is left out', (url) => {
    expect(renderEmail(story({ url }), reader).body).not.toContain(url);
  });

  test('says how to stop, with the page for it where there is one', () => {
    expect(renderEmail(facts, reader).body).toMatch(/unsubscribe link/);
    const page = (wish: string) => `https://desk.example/r/${wish}`;
    const links = { muteUrl: page('m'), changeUrl: page('c'), stopUrl: page('s') };
    const { body } = renderEmail(facts, { ...reader, ...links });
    expect(body).toMatch(/no more of this storyline:\nhttps:\/\/desk\.example\/r\/m\n/);
    expect(body).toMatch(/Change what .*\nhttps:\/\/desk\.example\/r\/c\n\nStop .*\nhttps:\/\/desk\.example\/r\/s\n$/);
    expect(body).not.toMatch(/unsubscribe link/);
  });

  test('one word in two cases is shown once', () => {
    const evidence = ['Truce', 'truce', 'TRUCE'].map((text) => ({ target: 'iran', text }));
    expect(renderEmail({ ...facts, evidence }, reader).body).toMatch(/- Iran\n {2}"Truce"\n/);
  });
});

describe('SMS', () => {
  test.each<[string, AlertFacts, string]>([
    ['title, outlet and link', facts, 'Ceasefire holds - Meridian Wire https://meridian.example/1'],
    ['no link', story({ url: null }), 'Ceasefire holds - Meridian Wire'],
    [
      'a link that does not fit',
      story({ url: `https://meridian.example/${'x'.repeat(120)}` }),
      'Ceasefire holds - Meridian Wire',
    ],
    ['a link outside the alphabet', story({ url: 'https://m.example/停火' }), 'Ceasefire holds - Meridian Wire'],
    [
      'Russian by the event',
      story({ title: 'Перемирие держится', url: null }),
      'Israel-Iran ceasefire - Meridian Wire',
    ],
    ['an outlet in Chinese', story({ outlet: '新闻社', url: null }), 'Ceasefire holds'],
    [
      'corroborated',
      { ...story({ url: null }), state: 'corroborated', outlets: 4, priority: 'high' },
      'HIGH 4 outlets: Ceasefire holds - Meridian Wire',
    ],
  ])('%s', (_, given, text) => {
    expect(renderSms(given)).toBe(text);
  });
});

test('the integration message carries the attributes that filter policies ask for', () => {
  expect(renderIntegration(story({ lang: '' })).attributes).toEqual({
    events: ['israel-iran-ceasefire'],
    entities: ['iran'],
    priority: 'normal',
    state: 'new',
    lang: 'und',
  });
});

test('whatever the text, every channel keeps its rules', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.string({ unit: 'grapheme', maxLength: 400 }),
    fc.string({
      unit: fc.constantFrom('\u202e', '\n', '\u001b', '[', '€', '停', 'ا', '🚨', 'é', ' ', 'a', '\ud800'),
      maxLength: 300,
    }),
    fc.constantFrom(
      'x'.repeat(10_000),
      '停'.repeat(10_000),
      '👨‍👩‍👧'.repeat(2_000),
      `a${'\u0301'.repeat(10_000)}`,
      '['.repeat(10_000),
    ),
  );
  fc.assert(
    fc.property(
      text,
      text,
      text,
      fc.constantFrom('new', 'corroborated', 'escalated', 'corrected'),
      (title, outlet, word, state) => {
        const given: AlertFacts = {
          ...story({ title, outlet }),
          state,
          priority: 'critical',
          outlets: 120,
          wires: 20,
          entities: [{ id: 'iran', name: word }],
          evidence: [{ target: 'iran', text: word }],
        };
        const { subject, body } = renderEmail(given, reader);
        expect(subject).not.toBe('');
        expect(subject.length).toBeLessThan(100);
        expect(subject).toBe(subject.toWellFormed());
        expect(subject + body.replaceAll('\n', '')).not.toMatch(
          /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u,
        );
        for (const line of body.split('\n')) {
          if (!line.startsWith('https://')) expect(columnsOf(line)).toBeLessThanOrEqual(60);
        }
        expect(countSeptets(renderSms(given))).toBeLessThanOrEqual(148);
      },
    ),
    { numRuns: 300 },
  );
});
