import { describe, expect, test } from 'vitest';
import { decideStoryline } from '../../../lib/core/storyline/decide-storyline.ts';
import type { OpenStoryline } from '../../../lib/core/storyline/open-storyline.ts';
import { storylineSettings } from '../../../lib/core/storyline/settings.ts';
import type { StorylineStory } from '../../../lib/core/storyline/story-in.ts';

// What the watchlist found decides with the words: whoever is told of a storyline once must miss no second development.

const names: Readonly<Record<string, readonly string[]>> = {
  iran: ['Iran', 'Iranian', 'Tehran', 'إيران', 'ایران'],
  israel: ['Israel', 'Israeli', 'إسرائيل', 'اسرائیل'],
  china: ['China', 'Chinese'],
  'donald-trump': ['Trump'],
  qingdao: ['Qingdao'],
  sco: ['SCO'],
};

type Given = Partial<StorylineStory> & { readonly title: string };

let ids = 0;
function story({ title, ...given }: Given): StorylineStory {
  ids += 1;
  const entities = given.entities ?? [];
  return {
    ...{
      id: `s${ids}`,
      title,
      summary: '',
      url: null,
      lang: 'en',
      source: 'feed',
      outlet: `outlet-${ids}`,
      wire: false,
    },
    ...{ published: '2026-11-24T09:00:00.000Z', entities, events: [], priority: 'normal' },
    named: entities.flatMap((id) => names[id] ?? []),
    ...given,
  };
}

function together(first: Given, second: Given): boolean {
  const open: readonly OpenStoryline[] = [decideStoryline([], story(first), storylineSettings).storyline];
  return !decideStoryline(open, story(second), storylineSettings).isNew;
}

const at = (time: string) => `2026-11-24T${time}:00.000Z`;

describe('in one language', () => {
  const war = { entities: ['iran', 'israel'], events: ['war'] };
  const truce = { entities: ['iran', 'israel'], events: ['truce'] };
  test.each<[string, Given, Given, boolean]>([
    [
      'the same deed in other words is one',
      { title: 'Israel strikes oil depot in Tehran', ...war },
      { title: 'Israel hits Tehran oil depot', ...war },
      true,
    ],
    [
      'another deed of the same two states is another',
      { title: 'Israel strikes oil depot in Tehran', ...war },
      { title: 'Israel strikes missile base in western Iran', ...war },
      false,
    ],
    [
      'what brings a new event is another, though most words are the same',
      { title: 'Israel says truce with Iran holds on its border', ...truce },
      { title: 'Israel says drone broke truce with Iran on its border', ...truce, events: ['truce', 'war'] },
      false,
    ],
    [
      'what shares no event is another',
      { title: 'Defence ministers hold talks in Qingdao', entities: ['sco', 'qingdao'], events: ['meeting'] },
      { title: 'Defence ministers hold talks in Beijing', entities: ['china'], events: ['border'] },
      false,
    ],
    [
      'a name alone joins nothing',
      { title: 'Trump says tariffs on China will stay', entities: ['donald-trump', 'china'] },
      { title: 'Trump says he will meet Xi in China', entities: ['donald-trump', 'china'] },
      false,
    ],
    [
      'the very words are one, whatever was found in them',
      { title: 'Envoys sign the accord in Vienna', entities: ['iran'], events: ['talks'] },
      { title: 'Envoys sign the accord in Vienna', entities: ['israel'], events: ['truce'] },
      true,
    ],
  ])('%s', (_, first, second, expected) => {
    expect(together(first, second)).toBe(expected);
  });
});

describe('across languages', () => {
  const drone = { entities: ['iran', 'israel'], events: ['truce', 'war'] };
  const truce = { entities: ['iran', 'israel'], events: ['truce'] };
  const english = { title: 'Israel says it shot down a drone', published: at('09:00') };
  const arabic = { title: 'إسرائيل تعلن إسقاط طائرة مسيرة', lang: 'ar' };
  test.each<[string, Given, Given, boolean]>([
    [
      'two events and two states, hours later',
      { ...english, ...drone },
      { ...arabic, ...drone, published: at('13:00') },
      true,
    ],
    ['a day later', { ...english, ...drone }, { ...arabic, ...drone, published: '2026-11-25T09:00:00.000Z' }, false],
    [
      'one event and two states, at once',
      { ...english, ...truce },
      { ...arabic, ...truce, published: at('09:30') },
      true,
    ],
    [
      'one event and two states, hours later',
      { ...english, ...truce },
      { ...arabic, ...truce, published: at('11:00') },
      false,
    ],
    ['an event more', { ...english, ...truce }, { ...arabic, ...drone, published: at('09:10') }, false],
    [
      'one state',
      { ...english, entities: ['iran'], events: ['truce'] },
      { ...arabic, entities: ['iran'], events: ['truce'] },
      false,
    ],
    [
      'entities alone',
      { ...english, entities: ['iran', 'israel'] },
      { ...arabic, entities: ['iran', 'israel'] },
      false,
    ],
    [
      'many entities, of which one side names a part',
      { title: 'Ministers gather', entities: ['china', 'iran', 'israel', 'sco', 'qingdao'], events: ['meeting'] },
      { ...arabic, entities: ['china', 'iran', 'sco', 'qingdao'], events: ['meeting'], published: at('12:00') },
      true,
    ],
  ])('%s', (_, first, second, expected) => {
    expect(together(first, second)).toBe(expected);
  });
});

describe('a correction', () => {
  const reached = (title: string, lang: string) => {
    const facts = { entities: ['china', 'iran'], events: ['oil'], lang };
    const open = [
      decideStoryline([], story({ title: 'صادرات', ...facts, published: at('09:00') }), storylineSettings).storyline,
    ];
    return decideStoryline(open, story({ title: `${title} صادرات`, ...facts }), storylineSettings).reached;
  };
  test('is a denial in its own language, and not the oil of another', () => {
    expect(reached('نفت', 'fa')).not.toContain('corrected');
    const first = story({ title: 'Envoys will meet in Vienna on Monday', entities: ['iran'], events: ['talks'] });
    const open = [decideStoryline([], first, storylineSettings).storyline];
    const denial = story({
      title: 'Tehran denies envoys will meet in Vienna on Monday',
      entities: ['iran'],
      events: ['talks'],
    });
    expect(decideStoryline(open, denial, storylineSettings).reached).toContain('corrected');
  });
});
