import { expect, test } from 'vitest';
import { isCopy, wordingOf } from '../../../lib/core/storyline/copies.ts';
import { titleWords } from '../../../lib/core/storyline/title-words.ts';

const wording = (title: string) => wordingOf(titleWords(title, ''), title);

test.each([
  [
    'another publisher',
    'Harbour ferry runs aground off Malmo - Coast News',
    'Harbour ferry runs aground off Malmo | The Daily Sound',
  ],
  ['case and marks', 'Harbour Ferry Runs Aground Off Malmö', 'harbour ferry runs aground off malmo!'],
  ['a label of the desk', 'UPDATE 1-Harbour ferry runs aground off Malmo', 'Harbour ferry runs aground off Malmo'],
  [
    'another verb',
    'Watchdog slams airline over late refunds to families',
    'Watchdog criticises airline over late refunds to families',
  ],
  [
    'a word more',
    'Nordic lender drops plan to close rural branches',
    'Nordic lender drops its plan to close all rural branches',
  ],
  [
    'another spelling',
    'Lender to finalise the reorganisation of its labour force',
    'Lender to finalize the reorganization of its labor force',
  ],
  [
    'a number in words',
    'Five hurt as tram derails in Gothenburg centre',
    '5 hurt as tram derails in Gothenburg centre',
  ],
  [
    'a title that its feed cut',
    'Nordic lender drops plan to close rural br ...',
    'Nordic lender drops plan to close rural branches in the north',
  ],
])('a copy: %s', (_, a, b) => {
  expect(isCopy(wording(a), wording(b))).toBe(true);
  expect(isCopy(wording(b), wording(a))).toBe(true);
});

test.each([
  ['a number rose', 'At least 5 dead as tram derails in Gothenburg', 'At least 12 dead as tram derails in Gothenburg'],
  [
    'a number came',
    'Dead and hurt as tram derails in Gothenburg centre',
    '3 dead and hurt as tram derails in Gothenburg centre',
  ],
  [
    'it will not',
    'Nordic lender will close rural branches in the north',
    'Nordic lender will not close rural branches in the north',
  ],
  [
    'it denies',
    'Nordic lender plans to close rural branches in the north',
    'Nordic lender denies plans to close rural branches in the north',
  ],
  [
    'it corrects',
    'Nordic lender to close rural branches in the north',
    'CORRECTION: Nordic lender to close rural shops in the north retracted',
  ],
  ['another company', 'Volmer beats profit forecast, shares climb', 'Castrup beats profit forecast, shares climb'],
  ['another place', 'Ferry runs aground off Malmo', 'Ferry runs aground off Visby'],
  [
    'other words for it',
    'Ferry with 200 aboard stuck on sandbank near Malmo',
    'Passengers rescued after Malmo ferry hits ground',
  ],
  ['two short titles', 'Ferry aground', 'Ferry sunk'],
  ['nothing to compare', '', ''],
])('no copy: %s', (_, a, b) => {
  expect(isCopy(wording(a), wording(b))).toBe(false);
  expect(isCopy(wording(b), wording(a))).toBe(false);
});
