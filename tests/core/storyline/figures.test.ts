import { expect, test } from 'vitest';
import { figuresOf } from '../../../lib/core/storyline/figures.ts';

test.each([
  ['a toll', 'At least 12 dead as tram derails', { dead: 12 }],
  ['in words', 'Three killed in tram crash', { dead: 3 }],
  ['two of them', '5 dead, 12 injured in tram crash', { dead: 5, hurt: 12 }],
  ['after the verb', 'Tram crash kills 7', { dead: 7 }],
  ['a toll that rises', 'Tram crash death toll rises to 1,270', { dead: 1270 }],
  ['a year is none', 'Deadliest tram crash since 1998 killed nobody', {}],
  ['nor a percentage', 'Deaths down 12% on the roads', {}],
  ['nor money', 'Killed project cost $12 a head', {}],
  ['a number of something else is none', 'Tram 12 takes a new route', {}],
  ['Russian', 'Погибли 12 человек, 30 ранены', { dead: 12, hurt: 30 }],
  ['Arabic, with its own digits', 'مقتل ١٢ شخصا', { dead: 12 }],
  ['Persian', '۱۵ کشته در حادثه قطار', { dead: 15 }],
  ['Chinese', '电车出轨造成12人死亡30人受伤', { dead: 12, hurt: 30 }],
  ['French', 'Au moins 12 morts dans un accident de tramway', { dead: 12 }],
  ['Spanish', 'Doce no, 13 muertos y 4 heridos', { dead: 13, hurt: 4 }],
  ['German', '12 Tote bei Zugunglück', { dead: 12 }],
  ['Turkish', 'Kazada 12 kişi öldü', { dead: 12 }],
  ['nothing', '', {}],
])('%s', (_, text, figures) => {
  expect(Object.fromEntries(figuresOf(text).map(({ of, value }) => [of, value]))).toEqual(figures);
});
