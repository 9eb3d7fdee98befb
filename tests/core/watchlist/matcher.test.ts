import { describe, expect, test } from 'vitest';
import { compileWatchlist } from '../../../lib/core/watchlist/compile.ts';
import type { MatchInput } from '../../../lib/core/watchlist/matched.ts';
import { createMatcher, type Matcher } from '../../../lib/core/watchlist/matcher.ts';
import { noteMatched, nothingRunning } from '../../../lib/core/watchlist/running.ts';
import { decodeWatchlist, encodeWatchlist } from '../../../lib/core/watchlist/serialize.ts';
import { readWatchlist } from '../../../lib/core/watchlist/watchlist-file.ts';

function matcherOf(yaml: string): Matcher {
  const { watchlist, problems } = readWatchlist(yaml, 'test.yaml');
  expect(problems).toEqual([]);
  return createMatcher(decodeWatchlist(encodeWatchlist(compileWatchlist(watchlist!))));
}

const story = (title: string, more: Partial<MatchInput> = {}): MatchInput => ({
  title,
  summary: '',
  lang: 'en',
  ...more,
});

/** Whether a query is true of a story. */
const holds = (query: string, input: MatchInput): boolean =>
  matcherOf(`
entities:
  iran: {name: Iran, aliases: {en: [Iran, Iranian], fa: [ایران], ru: [Иран], zh: [伊朗]}, stands_for: {en: [Araghchi]}}
  israel: {name: Israel, aliases: {en: [Israel, Israeli], fa: [اسرائیل], ru: [Израиль, израильский], zh: [以色列]}, stands_for: {en: [Netanyahu, Haifa]}}
terms:
  truce: {en: [ceasefire, truce, 'guns fall* silent'], zh: [停火]}
  hit: {en: [attack~, strike~, hit, struck], fa: [حمله], ru: [удар, атаковать, атаковал], zh: [袭击]}
  both: {query: '@iran SAME @israel'}
events:
  e: {name: e, when: ${JSON.stringify(query)}}
`).match(input).events.length === 1;

test.each([
  ['NEAR counts words', 'a NEAR/3 b', 'a x x b', true],
  ['and no further', 'a NEAR/3 b', 'a x x x b', false],
  ['NEAR in either order', 'b NEAR/1 a', 'a b', true],
  ['ONEAR in order', 'b ONEAR/5 a', 'a b', false],
  ['NEAR wants two places', 'a NEAR/5 a', 'a', false],
  ['NEAR over the end of a sentence', 'aa NEAR/2 bb', 'aa. bb', true],
  ['a phrase not over the end of a sentence', '"aa bb"', 'aa. bb', false],
  ['two Chinese characters are a word', '停 NEAR/3 火', '停一二三四火', true],
  ['and five between are too far', '停 NEAR/3 火', '停一二三四五火', false],
  ['SAME', 'a SAME b', 'b x x x x x x x a', true],
  ['SAME needs one sentence', 'aa SAME bb', 'aa. bb', false],
  ['OUTSIDE', 'truce OUTSIDE "June truce"', 'since the June truce', false],
  ['OUTSIDE where one occurrence is free', 'truce OUTSIDE "June truce"', 'the June truce, a truce', true],
  ['ATLEAST', 'ATLEAST/2 a', 'a b a', true],
  ['ATLEAST not', 'ATLEAST/3 a', 'a b a', false],
  ['START', 'START ONEAR/2 b', 'a b cc. x', true],
  ['START too far', 'START ONEAR/2 c', 'a b c', false],
  ['START of the second sentence', 'START ONEAR/1 x', 'a b cc. x', true],
  ['END', 'cc NEAR/1 END', 'a b cc. x', true],
  ['a prefix', 'missil*', 'missiles fly', true],
  ['a prefix in a phrase', '"guns fall* silent"', 'The guns fell silent', false],
  ['capitals', '!"US"', 'The U.S. army', true],
  ['capitals not', '!"US"', 'Let us pray', false],
  ['an entity by what stands for it', '@israel+ AND @iran', 'Netanyahu on Iran', true],
  ['which does not stand for it without the plus', '@israel AND @iran', 'Netanyahu on Iran', false],
  ['a term of a query', '#both AND #truce', 'Israel, Iran: truce', true],
  ['a term of a query in a field', 'title:#both', 'Israel. Iran', false],
  ['a field', 'summary:a', 'a', false],
  ['NOT', 'a AND NOT b', 'a b', false],
  ['an exclusion that yields', 'a AND NOT (b AND NOT title:c)', 'a b c', true],
])('%s', (_, query, title, expected) => {
  expect(holds(query, story(title))).toBe(expected);
});

describe('BY says who did it to whom', () => {
  const attack = 'BY(@israel+, #hit, @iran+)';
  test.each([
    ['en', 'Israel strikes Iran', true],
    ['en', 'Iran strikes Israel', false],
    ['en', 'Iran was hit by Israeli missiles', true],
    ['en', 'Israel was hit by Iranian missiles', false],
    ['en', 'Israeli strikes on Iran kill five', true],
    ['en', 'Iranian attack on Israel', false],
    ['en', 'Attack on Iran by Israel', true],
    ['en', 'US strike on Iran angers Israel', false],
    ['en', 'Iran, Israel. Strikes elsewhere', false],
    ['fa', 'حمله اسرائیل به ایران', true],
    ['fa', 'ایران به اسرائیل حمله کرد', false],
    ['fa', 'اسرائیل به ایران حمله کرد', true],
    ['ru', 'Удар Израиля по Ирану', true],
    ['ru', 'Израиль атаковал Иран', true],
    ['ru', 'Иран атаковал Израиль', false],
    ['zh', '以色列袭击伊朗', true],
    ['zh', '伊朗袭击以色列', false],
    ['zh', '伊朗遭以色列袭击', true],
    ['zh', '以色列对伊朗发动袭击', true],
  ])('%s: %s', (lang, title, expected) => {
    expect(holds(attack, story(title, { lang }))).toBe(expected);
  });
});

describe('conditions on the story', () => {
  const more = { lang: 'zh-Hant', source: 'BBC News', published: '2025-06-25T23:59:59Z' };
  test.each([
    ['lang:zh AND a', true],
    ['lang:en AND a', false],
    ['source:"bbc news" AND a', true],
    ['source:bbc AND a', false],
    ['source:bbc* AND a', true],
    ['published:2025-06-25 AND a', true],
    ['published:..2025-06-24 AND a', false],
    ['published:2025-06-26.. AND a', false],
  ])('%s', (query, expected) => {
    expect(holds(query, story('a', more))).toBe(expected);
  });

  test('a story without a date is in no days', () => {
    expect(holds('a AND published:2025-06-25..', story('a'))).toBe(false);
  });
});

describe('entities', () => {
  const matcher = matcherOf(`
publishers: [The Times of Israel]
entities:
  china:
    name: China
    aliases: {en: [China, Chinese], zh: [中国], any: ['!"PRC"']}
    ambiguous:
      - {alias: {en: Beijing}, with: 'SELF ONEAR/1 (says OR warns) OR (@russia SAME SELF)', not: 'in ONEAR/1 SELF'}
    phrases: {en: [China Airlines], query: '"South China" ONEAR/2 sea'}
  russia:
    name: Russia
    aliases: {en: [Russia]}
    ambiguous:
      - {alias: Moscow, with: '@china SAME SELF'}
  israel: {name: Israel, aliases: {en: [Israel]}}
  cnn: {name: CNN, aliases: {any: [CNN]}}
`);
  test.each([
    ['an alias', story('China signs'), ['china']],
    ['not inside a word', story('Chinatown'), []],
    ['a plural', story('Two Chinas'), ['china']],
    ['a fixed phrase uses its words up', story('China Airlines lands'), []],
    ['a fixed phrase by a query', story('South China Morning sea'), []],
    ['beside another mention', story('China Airlines, in China'), ['china']],
    ['an ambiguous alias in company', story('Beijing says no'), ['china']],
    ['an ambiguous alias alone', story('Rain in Beijing'), []],
    ['the wrong company', story('A man in Beijing says no'), []],
    ['company for each occurrence', story('In Beijing it rains. Beijing warns'), ['china']],
    ['ambiguous aliases do not hold each other up', story('Beijing and Moscow'), []],
    ['a sure alias holds another up', story('Beijing and Russia'), ['china', 'russia']],
    ['a dateline is a place', story('x', { summary: 'BEIJING, June 26 (Xinhua) — says Russia no' }), ['russia']],
    ['a word of another language', story('中国', { lang: 'fa' }), ['china']],
    ['a word of another language in the same script', story('China', { lang: 'de' }), []],
    ['no language known', story('China', { lang: null }), ['china']],
    ['words of any language', story('PRC', { lang: 'de' }), ['china']],
    ['a publisher at the end of a title', story('Rain - The Times of Israel'), []],
    ['the source at the end of a title', story('Rain - CNN', { source: 'CNN' }), []],
    ['a dash that is no publisher', story('Rain - Israel', { source: 'CNN' }), ['israel']],
  ])('%s', (_, input, ids) => {
    expect(matcher.match(input).entities).toEqual(ids);
  });
});

describe('events', () => {
  const matcher = matcherOf(`
entities:
  iran: {name: Iran, priority: low, aliases: {en: [Iran]}}
terms:
  truce: {en: [truce, ceasefire]}
events:
  deal:
    name: Deal
    priority: high
    when: '@iran AND #truce'
    while_running: 'title:#truce'
    running: {outlets: 2, within: 48h}
    unless: 'Gaza OR Ukraine'
    party: '@iran'
    implies: [calm, {event: oil, if: barrel}]
    escalators: [{to: critical, when: collapses}]
  calm: {name: Calm, when: calm, implies: [quiet]}
  quiet: {name: Quiet, when: quiet}
  oil: {name: Oil, when: petroleum}
`);
  test.each([
    ['strict', story('Iran truce'), ['calm', 'deal', 'quiet']],
    ['an implication with a condition', story('Iran truce, a barrel'), ['calm', 'deal', 'oil', 'quiet']],
    ['excluded', story('Truce in Gaza', { summary: 'Iran too' }), []],
    ['the exclusion yields to the title', story('Truce in Gaza and Iran'), ['calm', 'deal', 'quiet']],
    ['not running', story('Truce holds', { published: '2025-06-25T10:00:00Z' }), []],
  ])('%s', (_, input, ids) => {
    expect(matcher.match(input).events).toEqual(ids);
  });

  test('the highest priority counts, escalated', () => {
    expect(matcher.match(story('Iran')).priority).toBe('low');
    expect(matcher.match(story('Iran truce')).priority).toBe('high');
    expect(matcher.match(story('Iran truce collapses')).priority).toBe('critical');
  });

  test('a weaker rule counts while several outlets run the story, and says so', () => {
    let running = nothingRunning;
    const holdsNow = () => matcher.match(story('Truce holds', { published: '2025-06-25T10:00:00Z' }), running);
    for (const outlet of ['bbc', 'bbc', 'irna']) {
      expect(holdsNow().events).toEqual([]);
      running = noteMatched(running, { events: ['deal'], outlet, published: '2025-06-24T10:00:00Z' });
    }
    const { events, strictEvents, evidence } = holdsNow();
    expect(events).toEqual(['calm', 'deal', 'quiet']);
    expect(strictEvents).toEqual([]);
    expect(evidence[0]).toEqual({
      target: 'deal',
      field: 'title',
      start: 0,
      end: 5,
      text: 'Truce',
      clause: 'while_running: title:#truce (running: 3 stories, 2 outlets, 48 h)',
    });
    expect(matcher.match(story('Truce in Gaza', { published: '2025-06-25T10:00:00Z' }), running).events).toEqual([]);
    expect(matcher.match(story('Truce holds', { published: '2025-06-28T10:00:00Z' }), running).events).toEqual([]);
  });

  describe('a rule that leans on another event', () => {
    const leaning = matcherOf(`
entities: {iran: {name: Iran, aliases: {en: [Iran]}}}
terms: {calm: {query: 'title:(truce AND running:war)'}}
events:
  war: {name: War, when: '@iran AND strikes', running: {outlets: 2, within: 48h}}
  truce: {name: Truce, when: '(@iran AND truce) OR #calm', unless: 'Gaza AND NOT running:war>=4/24h'}
  rumour: {name: Rumour, when: 'rumour AND running:truce>=1'}
`);
    const at = (hour: number) => new Date(Date.UTC(2025, 5, 24, hour)).toISOString();
    const runBy = (...outlets: readonly string[]) =>
      outlets.reduce(
        (state, outlet) => noteMatched(state, { events: ['war'], outlet, published: at(0) }),
        nothingRunning,
      );
    test.each([
      ['nothing runs', 'Truce holds', runBy(), 3, []],
      ['too few outlets run it', 'Truce holds', runBy('bbc', 'bbc'), 3, []],
      ['it runs', 'Truce holds', runBy('bbc', 'irna'), 3, ['truce']],
      ['it ran long ago', 'Truce holds', runBy('bbc', 'irna'), 49, []],
      ['an exclusion that only strong running lifts', 'Truce, Gaza', runBy('a', 'b', 'c'), 3, []],
      ['and lifts', 'Truce, Gaza', runBy('a', 'b', 'c', 'd'), 3, ['truce']],
      ['and no longer lifts', 'Truce, Gaza', runBy('a', 'b', 'c', 'd'), 25, []],
      ['in the title alone', 'Holds', runBy('bbc', 'irna'), 3, []],
    ])('%s', (_, title, running, hour, events) => {
      expect(leaning.match(story(title, { published: at(hour) }), running).events).toEqual(events);
    });

    test('says how the other story runs, and makes nothing run itself', () => {
      const running = runBy('bbc', 'irna');
      const leant = leaning.match(story('Truce holds', { published: at(3) }), running);
      expect(leant.strictEvents).toEqual([]);
      expect(leant.evidence[0]).toMatchObject({
        text: 'Truce',
        clause: '#calm (running war: 2 stories, 2 outlets, 48 h)',
      });
      const own = leaning.match(story('Iran truce holds', { published: at(3) }), running);
      expect(own.strictEvents).toEqual(['truce']);
      expect(own.evidence.find(({ target }) => target === 'truce')?.clause).toBe('(@iran AND truce)');
    });

    test('a clause of running: alone is told beside the words of the others', () => {
      const running = noteMatched(nothingRunning, { events: ['truce'], outlet: 'bbc', published: at(0) });
      const { evidence } = leaning.match(story('A rumour', { published: at(1) }), running);
      expect(evidence.map(({ clause }) => clause)).toEqual(['rumour (running truce: 1 stories, 1 outlets, 72 h)']);
    });
  });

  test('evidence names the words, where they stand and the clause as written', () => {
    const { evidence } = matcher.match(story('Ceasefire!', { summary: 'It is &quot;Iran&quot;’s.' }));
    expect(evidence.filter(({ target }) => target === 'deal')).toEqual([
      { target: 'deal', field: 'title', start: 0, end: 9, text: 'Ceasefire', clause: '#truce' },
      { target: 'deal', field: 'summary', start: 12, end: 16, text: 'Iran', clause: '@iran' },
    ]);
    expect(evidence.find(({ target }) => target === 'quiet')?.clause).toBe('implied by calm: implied by deal: #truce');
  });
});

describe('explain', () => {
  const matcher = matcherOf(`
entities:
  iran: {name: Iran, aliases: {en: [Iran]}, ambiguous: [{alias: Tehran, with: 'SELF ONEAR/1 says'}]}
events:
  deal: {name: Deal, when: '@iran AND truce NEAR/3 talks AND NOT rumour', unless: Gaza}
  oil: {name: Oil, when: 'oil AND price'}
`);
  test.each([
    [
      'a clause that fails',
      'Iran and the oil truce',
      [
        {
          target: 'deal',
          rule: 'when',
          held: [
            { clause: '@iran', words: ['Iran'] },
            { clause: 'NOT rumour', words: [] },
            { clause: 'NOT unless: Gaza', words: [] },
          ],
          failed: ['truce NEAR/3 talks'],
        },
        { target: 'oil', rule: 'when', held: [{ clause: 'oil', words: ['oil'] }], failed: ['price'] },
      ],
    ],
    [
      'what excludes',
      'Iran truce talks, Gaza',
      [
        {
          target: 'deal',
          rule: 'when',
          held: [
            { clause: '@iran', words: ['Iran'] },
            { clause: 'truce NEAR/3 talks', words: ['truce', 'talks'] },
            { clause: 'NOT rumour', words: [] },
          ],
          failed: ['NOT unless: Gaza'],
        },
      ],
    ],
    [
      'an ambiguous alias without company',
      'Rain in Tehran',
      [
        {
          target: 'iran',
          rule: 'alias',
          held: [{ clause: 'ambiguous alias', words: ['Tehran'] }],
          failed: ['Tehran with SELF ONEAR/1 says'],
        },
      ],
    ],
    ['nothing near', 'Rain', []],
  ])('tells %s', (_, title, nearly) => {
    expect(matcher.explain(story(title)).nearly).toEqual(nearly);
  });

  test('what matched is no near miss', () => {
    const { matched, nearly } = matcher.explain(story('Tehran says truce talks go on'));
    expect(matched.events).toEqual(['deal']);
    expect(nearly).toEqual([]);
  });
});

test('a buffer from anywhere decodes, and another kind of buffer is refused', () => {
  const { watchlist } = readWatchlist('entities: {a: {name: A, aliases: {en: [alpha]}}}', 'x');
  const bytes = encodeWatchlist(compileWatchlist(watchlist!));
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  expect(createMatcher(decodeWatchlist(shifted.subarray(3))).match(story('Alpha')).entities).toEqual(['a']);
  expect(() => decodeWatchlist(new Uint8Array(100))).toThrow('not a compiled watchlist');
});

test('a version compiled before clauses had parts still loads, and quotes them whole', () => {
  const yaml = "events: {e: {name: E, when: 'alpha OR beta'}}";
  const compiled = compileWatchlist(readWatchlist(yaml, 'x').watchlist!);
  const { partStart: _start, partNode: _node, partText: _text, ...older } = compiled.arrays;
  const loaded = decodeWatchlist(encodeWatchlist({ ...compiled, arrays: older as typeof compiled.arrays }));
  const clauseOf = (from: typeof compiled) => createMatcher(from).match(story('Beta')).evidence[0]?.clause;
  expect([clauseOf(loaded), clauseOf(compiled)]).toEqual(['alpha OR beta', 'beta']);
});
