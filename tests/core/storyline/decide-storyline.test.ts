import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closeSilent } from '../../../lib/core/storyline/close-silent.ts';
import { decideStoryline, type StorylineDecision } from '../../../lib/core/storyline/decide-storyline.ts';
import type { OpenStoryline } from '../../../lib/core/storyline/open-storyline.ts';
import { storylineSettings as settings } from '../../../lib/core/storyline/settings.ts';
import type { StorylineStory } from '../../../lib/core/storyline/story-in.ts';
import { storyOf } from './story-of.ts';

/** Decides stories one after the other over plain rows, as the pipeline does. */
function decideAll(stories: readonly StorylineStory[]): {
  readonly open: readonly OpenStoryline[];
  readonly decisions: readonly StorylineDecision[];
} {
  let open: readonly OpenStoryline[] = [];
  const decisions = stories.map((story) => {
    const decision = decideStoryline(open, story, settings);
    open = [...open.filter(({ id }) => id !== decision.storyline.id), decision.storyline];
    return decision;
  });
  return { open, decisions };
}

const lineOf = (stories: readonly StorylineStory[]) => decideAll(stories).decisions.map((d) => d.storyline.id);

describe('what belongs together', () => {
  test('other words for one development join it', () => {
    const ids = lineOf([
      storyOf('Vasquez resigns as head of Nordhaven Bank after loan scandal'),
      storyOf('Nordhaven Bank chief Vasquez quits over loans', { minute: 20 }),
      storyOf('Why Vasquez had to go: inside the Nordhaven loan scandal', { minute: 300 }),
    ]);
    expect(new Set(ids).size).toBe(1);
  });

  test.each([
    [
      'two results',
      'Castrup lifts profit forecast after busy toy season',
      'Volmer quarterly profit falls on weak tyre sales',
    ],
    ['two trials', 'Jury finds broker Aldous guilty of fraud', 'Jury clears surgeon Beckford of manslaughter'],
    ['two floods', 'Flood kills 4 in Valdoria mountain village', 'Flood closes schools across northern Jutland'],
  ])('neighbours stay apart: %s', (_, a, b) => {
    expect(new Set(lineOf([storyOf(a), storyOf(b, { minute: 5 })])).size).toBe(2);
  });

  test('the same page is the same storyline whatever its new title', () => {
    const ids = lineOf([
      storyOf('Ferry aground off Malmo', { url: 'https://coast.example/a1?utm_source=x' }),
      storyOf('Rescue under way in the Sound', { url: 'https://coast.example/a1', minute: 9 }),
    ]);
    expect(ids[1]).toBe(ids[0]);
  });

  test('the same words come too late after days of silence', () => {
    const late = 4 * 24 * 60;
    expect(
      new Set(lineOf([storyOf('Ferry aground off Malmo'), storyOf('Ferry aground off Malmo', { minute: late })])).size,
    ).toBe(2);
  });

  test('a title without a word that tells a story joins nothing', () => {
    expect(new Set(lineOf([storyOf('What now?'), storyOf('What now?', { minute: 1 }), storyOf('')])).size).toBe(3);
  });
});

describe('two storylines that turn out to be one', () => {
  const stories = [
    storyOf('Vasquez quits Nordhaven Bank'),
    storyOf('Loan scandal topples lender chief in Kelmar', { minute: 5 }),
    storyOf('Nordhaven chief Vasquez quits in Kelmar over loan scandal', { minute: 9 }),
    storyOf('Kelmar lender Nordhaven: Vasquez quits, loan scandal topples chief', { minute: 12 }),
  ];

  test('stay two in rows, where nobody follows a name', () => {
    expect(decideAll(stories).decisions.flatMap(({ absorbed }) => absorbed)).toEqual([]);
  });

  test('become the older one where the settings let them, with all that both held', () => {
    const merging = { ...settings, mergeFrom: 0.2 };
    let open: readonly OpenStoryline[] = [];
    const absorbed: string[] = [];
    for (const story of stories) {
      const decision = decideStoryline(open, story, merging);
      absorbed.push(...decision.absorbed);
      const gone = [...decision.absorbed, decision.storyline.id];
      open = [...open.filter(({ id }) => !gone.includes(id)), decision.storyline];
    }
    expect(absorbed).toEqual([stories[1]!.id]);
    expect(open.map(({ id, stories: count, wordings }) => [id, count, wordings])).toEqual([[stories[0]!.id, 4, 4]]);
  });
});

describe('across languages', () => {
  const english = storyOf('Volmer and Castrup sign the harbour pact', {
    entities: ['volmer', 'castrup'],
    events: ['pact'],
  });
  const russian = (rest: Partial<StorylineStory> & { readonly minute?: number }) =>
    storyOf('Подписано соглашение о гавани', {
      lang: 'ru',
      entities: ['volmer', 'castrup'],
      events: ['pact'],
      minute: 30,
      ...rest,
    });

  test.each([
    ['a shared event and two entities join', {}, 1],
    ['not without a shared event', { events: [] }, 2],
    ['not by another event', { events: ['strike'] }, 2],
    ['not by one shared state', { entities: ['volmer'] }, 2],
    ['not hours later', { minute: 60 * 9 }, 2],
    ['not in the same language: there the words decide', { lang: 'en' }, 2],
  ])('%s', (_, rest, lines) => {
    expect(new Set(lineOf([english, russian(rest)])).size).toBe(lines);
  });

  test('a language that is not told is known by its script', () => {
    const { open } = decideAll([{ ...english, lang: '' }, russian({ lang: '' })]);
    expect(open[0]?.langs).toEqual(['und-cyrl', 'und-latn']);
  });
});

describe('states', () => {
  const title = 'At least 5 dead as tram derails in Gothenburg';

  test('new when it opens, and only then', () => {
    const { decisions } = decideAll([storyOf(title), storyOf(title, { minute: 1 })]);
    expect(decisions.map(({ reached, isNew }) => [isNew, reached])).toEqual([
      [true, ['new']],
      [false, []],
    ]);
  });

  test('corroborated by the third independent outlet, once', () => {
    const { decisions } = decideAll([
      storyOf(title, { outlet: 'a' }),
      storyOf('Tram derails in Gothenburg, 5 dead', { outlet: 'b' }),
      storyOf('Gothenburg tram derailment leaves 5 dead', { outlet: 'a' }),
      storyOf('Tram crash in central Gothenburg: 5 dead', { outlet: 'c' }),
      storyOf('Gothenburg mourns 5 dead of tram crash', { outlet: 'd' }),
    ]);
    expect(decisions.map(({ reached }) => reached)).toEqual([['new'], [], [], ['corroborated'], []]);
    expect(decisions.at(-1)?.storyline.outlets).toEqual(['a', 'b', 'c', 'd']);
  });

  test("copies of a wire's text count once, under the wire, whoever came first", () => {
    const { open } = decideAll([
      storyOf(title, { outlet: 'a' }),
      storyOf(title, { outlet: 'wire', wire: true }),
      storyOf(title, { outlet: 'b' }),
      storyOf('Gothenburg mourns the tram dead', { outlet: 'b' }),
    ]);
    expect(open[0]).toMatchObject({ outlets: ['b', 'wire'], wires: ['wire'], stories: 4 });
    expect(open[0]?.states).toEqual(['new']);
  });

  test.each([
    ['a toll that rose', 'Gothenburg tram: 12 dead', {}, ['escalated'], 'dead 5 -> 12'],
    ['a toll in words that rose', 'Gothenburg tram: eleven dead', {}, ['escalated'], 'dead 5 -> 11'],
    ['a toll that fell is none', 'Gothenburg tram: 4 dead', {}, [], ''],
    ['a higher priority', title, { priority: 'critical' as const }, ['escalated'], 'priority normal -> critical'],
    ['a lower priority is none', title, { priority: 'low' as const }, [], ''],
    ['another number is none', 'Gothenburg tram 12 derails near theatre', {}, [], ''],
  ])('escalated: %s', (_, next, rest, reached, why) => {
    const { decisions } = decideAll([storyOf(title), storyOf(next, { minute: 30, ...rest })]);
    expect(decisions[1]).toMatchObject({ isNew: false, reached });
    expect(decisions[1]?.why.join('; ')).toContain(why);
  });

  test.each([
    ['en', 'Nordhaven Bank to close in May', 'Nordhaven Bank denies it will close in May'],
    ['en', 'Nordhaven Bank to close in May', 'CORRECTION: Nordhaven Bank to close branch in May'],
    ['en', 'Nordhaven Bank to close in May', 'Paper retracts report that Nordhaven Bank will close'],
    ['fr', 'La banque Nordhaven fermera en mai', 'La banque Nordhaven dément sa fermeture en mai'],
    ['es', 'El banco Nordhaven cierra en mayo', 'El banco Nordhaven desmiente que cierra en mayo'],
    ['de', 'Bank Nordhaven schließt im Mai', 'Bank Nordhaven dementiert Schließung im Mai'],
    ['tr', 'Nordhaven bankası mayısta kapanıyor', 'Nordhaven bankası kapanıyor haberini yalanladı'],
    ['ru', 'Банк Нордхавен закроется в мае', 'Банк Нордхавен опроверг, что закроется в мае'],
    ['ar', 'بنك نوردهافن يغلق فروعه في مايو', 'بنك نوردهافن ينفي إغلاق فروعه في مايو'],
    ['fa', 'بانک نوردهاون شعبه ها را می بندد', 'بانک نوردهاون بستن شعبه ها را تکذیب کرد'],
    ['he', 'בנק נורדהאבן ייסגר במאי', 'בנק נורדהאבן מכחיש: לא ייסגר במאי'],
    ['zh', '诺德港银行将于五月关闭分行', '诺德港银行否认将于五月关闭分行'],
  ])('corrected, and no copy: %s, %s', (lang, told, corrected) => {
    const { decisions } = decideAll([storyOf(told, { lang }), storyOf(corrected, { lang, minute: 40 })]);
    expect(decisions[1]).toMatchObject({ isNew: false, duplicateOf: null, reached: ['corrected'] });
  });

  test('a storyline that began with a denial is not corrected by its next story', () => {
    const { decisions } = decideAll([
      storyOf('MP Harcourt denies fraud charges'),
      storyOf('Harcourt denies fraud in court', { minute: 90 }),
    ]);
    expect(decisions[1]).toMatchObject({ isNew: false, reached: [] });
  });
});

describe('copies in any order', () => {
  const copies = [
    storyOf('Tram derails in Gothenburg, 5 dead', { outlet: 'a', minute: 0 }),
    storyOf('Tram derails in Gothenburg, 5 dead - Coast News', { outlet: 'b', minute: 1 }),
    storyOf('TRAM DERAILS IN GOTHENBURG, 5 DEAD', { outlet: 'wire', wire: true, minute: 2 }),
    storyOf('UPDATE 1-Tram derails in Gothenburg, 5 dead', { outlet: 'c', minute: 3, lang: 'sv' }),
    storyOf('Tram derails in Gothenburg, 5 dead', { outlet: 'a', minute: 4 }),
  ];
  const before = [storyOf('Castrup lifts profit forecast on toy sales'), storyOf('Gothenburg trams to get new brakes')];

  test('give one storyline with the same facts', () => {
    const facts = (stories: readonly StorylineStory[]) => {
      const { open, decisions } = decideAll([...before, ...stories]);
      const line = decisions.at(-1)!.storyline;
      const { id, title, texts, states, ...same } = line;
      const words = texts.map(({ story, page, isCut, norm, ...text }) => text);
      return JSON.stringify({ open: open.length, same, words });
    };
    const expected = facts(copies);
    fc.assert(
      fc.property(fc.shuffledSubarray(copies, { minLength: copies.length, maxLength: copies.length }), (order) => {
        expect(facts(order)).toBe(expected);
      }),
    );
  });

  test('name the first as the original', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(copies, { minLength: copies.length, maxLength: copies.length }), (order) => {
        const { decisions } = decideAll(order);
        expect(decisions.map(({ duplicateOf }) => duplicateOf)).toEqual([
          null,
          ...order.slice(1).map(() => order[0]!.id),
        ]);
        expect(new Set(decisions.map(({ storyline }) => storyline.id))).toEqual(new Set([order[0]!.id]));
      }),
    );
  });
});

describe('bounds', () => {
  const anyStory = fc.record({
    title: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc
        .array(fc.constantFrom('tram', 'Gothenburg', 'dead', '12', 'денег', '银行', 'السلام', '\ud800', 'the'), {
          maxLength: 60,
        })
        .map((words) => words.join(' ')),
    ),
    outlet: fc.string({ unit: 'binary', maxLength: 60 }),
    wire: fc.boolean(),
    entities: fc.array(fc.string({ maxLength: 80 }), { maxLength: 40 }),
    events: fc.array(fc.string({ maxLength: 80 }), { maxLength: 10 }),
    url: fc.option(fc.webUrl(), { nil: null }),
    minute: fc.integer({ min: -3_000, max: 3_000 }),
  });

  test('an open storyline is plain JSON, and of bounded size whatever its stories are', () => {
    fc.assert(
      fc.property(fc.array(anyStory, { maxLength: 40 }), (rows) => {
        for (const line of decideAll(rows.map(({ title, ...rest }) => storyOf(title, rest))).open) {
          const json = JSON.stringify(line);
          expect(JSON.parse(json)).toEqual(line);
          expect(line.texts.length).toBeLessThanOrEqual(settings.limits.texts);
          expect(line.words.length).toBeLessThanOrEqual(settings.limits.words);
          expect(Buffer.byteLength(json)).toBeLessThanOrEqual(8_000);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('the usual storyline is below 1.5 kB, a long one of ordinary news below 3 kB', () => {
    const words =
      'tram derails gothenburg dead rescue crews centre brakes mayor inquiry driver city victims line theatre'.split(
        ' ',
      );
    const title = (i: number) =>
      `Gothenburg tram ${[3, 5, 7, 11].map((step) => words[(i * step) % words.length]).join(' ')} story ${'abcdefghij'[i % 10]}`;
    const ids = (i: number) => ({
      id: `abcdefghijklmnopqr${1000 + i}`,
      outlet: `outlet-${i % 9}`,
      minute: i,
      entities: ['sweden'],
      events: ['tram-crash'],
    });
    const stories = Array.from({ length: 60 }, (_, i) => storyOf(title(i), ids(i)));
    const few = decideAll(stories.slice(0, 5)).open[0]!;
    const many = decideAll(stories).open[0]!;
    expect(Buffer.byteLength(JSON.stringify(few))).toBeLessThan(1_500);
    expect(Buffer.byteLength(JSON.stringify(many))).toBeLessThan(3_000);
    expect(many.stories).toBeGreaterThan(40);
  });

  test('an outlet stays counted when its wording is let go', () => {
    const stories = Array.from({ length: 12 }, (_, i) =>
      storyOf(`Gothenburg tram derails: reader ${'abcdefghijkl'[i]!.repeat(5)} tells`, {
        outlet: `o${i + 10}`,
        minute: i,
      }),
    );
    const line = decideAll(stories).open[0]!;
    expect(line.texts.length).toBe(settings.limits.texts);
    expect(line.outlets.length).toBe(12);
  });
});

describe('closing', () => {
  const lines = decideAll([
    storyOf('Castrup lifts profit forecast on toy sales', { minute: 0 }),
    storyOf('Ferry aground off Malmo', { minute: 600 }),
    storyOf('Jury clears surgeon Beckford', { minute: 1200 }),
  ]).open;
  const at = (minute: number) => storyOf('', { minute }).published;

  test('after so much silence, and not before', () => {
    const silence = settings.silenceHours * 60;
    expect(closeSilent(lines, at(silence), settings).closed).toEqual([]);
    expect(closeSilent(lines, at(silence + 1), settings).closed).toEqual([lines[0]]);
  });

  test('the longest silent of too many', () => {
    const { open, closed } = closeSilent(lines, at(1300), { ...settings, maxOpen: 1 });
    expect([open, closed]).toEqual([[lines[2]], [lines[0], lines[1]]]);
  });
});
