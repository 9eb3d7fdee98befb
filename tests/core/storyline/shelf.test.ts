import { expect, test } from 'vitest';
import { decideStoryline } from '../../../lib/core/storyline/decide-storyline.ts';
import type { OpenStoryline } from '../../../lib/core/storyline/open-storyline.ts';
import { storylineSettings as settings } from '../../../lib/core/storyline/settings.ts';
import { newShelf } from '../../../lib/core/storyline/shelf.ts';
import { headlineFixture, storylineCorpus } from '../../bench/storylines-corpus.ts';
import { storyOf } from './story-of.ts';

test.each([
  ['headlines', headlineFixture(5, 3).slice(0, 250)],
  ['made-up titles and copies', storylineCorpus(250, 3, 5)],
])('a shelf that is kept decides as one built from rows for each story: %s', (_, stories) => {
  const shelf = newShelf();
  let open: readonly OpenStoryline[] = [];
  for (const { id, title, source, published } of stories) {
    const story = storyOf(title, { id, source, outlet: source, published });
    const kept = decideStoryline(shelf, story, settings);
    expect(kept).toEqual(decideStoryline(open, story, settings));
    shelf.put(kept.storyline);
    open = [...open.filter((line) => line.id !== kept.storyline.id), kept.storyline];
  }
  expect(shelf.size()).toBe(open.length);
});

test('what is dropped is found no more', () => {
  const story = storyOf('Ferry aground off Malmo', {
    url: 'https://coast.example/1',
    entities: ['sweden'],
    events: ['ferry'],
  });
  const shelf = newShelf();
  const { storyline } = decideStoryline(shelf, story, settings);
  shelf.put(storyline);
  shelf.drop(storyline.id);
  expect(decideStoryline(shelf, story, settings).isNew).toBe(true);
  expect([shelf.size(), shelf.all()]).toEqual([0, []]);
});
