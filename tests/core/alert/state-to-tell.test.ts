import { expect, test } from 'vitest';
import { stateToTell } from '../../../lib/core/alert/state-to-tell.ts';
import type { StorylineState } from '../../../lib/core/storyline/storyline-state.ts';

const all: readonly StorylineState[] = ['new', 'corroborated', 'escalated', 'corrected'];

type Row = {
  readonly asked?: readonly StorylineState[];
  readonly follows?: boolean;
  readonly told?: readonly StorylineState[];
  readonly reached?: readonly StorylineState[];
  /** Reached by the storyline so far, this story included. */
  readonly states?: readonly StorylineState[];
};

const told = ({ asked = all, follows = true, told = [], reached = [], states = ['new', ...reached] }: Row) =>
  stateToTell({ states: asked, follows, told: new Set(told) }, { reached, states });

test.each<[string, Row, StorylineState | null]>([
  ['of the story that opens the storyline: new', { reached: ['new'] }, 'new'],
  ['of a copy, where the opening story was a seed: new', { reached: [] }, 'new'],
  ['of what corroborates, where nothing before it concerned them: new', { reached: ['corroborated'] }, 'new'],
  ['of what corrects, where they were never told what was wrong: new', { reached: ['corrected'] }, 'new'],
  ['of nothing, where they do not follow what the story holds', { follows: false, reached: ['new'] }, null],
  ['of no correction to a storyline they never followed', { follows: false, reached: ['corrected'] }, null],
])('who was not told yet hears %s', (_, row, state) => {
  expect(told(row)).toBe(state);
});

test.each<[string, Row, StorylineState | null]>([
  ['nothing while it is new only', { reached: ['new'] }, null],
  ['corroborated once it is', { reached: ['corroborated'] }, 'corroborated'],
  ['corroborated by a later story, where it was before', { states: ['new', 'corroborated'] }, 'corroborated'],
  ['the weightier of two', { states: ['new', 'corroborated', 'escalated'] }, 'escalated'],
  ['nothing of a correction alone', { reached: ['corrected'] }, null],
])('who did not ask for what is new and was not told yet hears %s', (_, row, state) => {
  expect(told({ asked: ['corroborated', 'escalated', 'corrected'], ...row })).toBe(state);
});

test.each<[string, Row, StorylineState | null]>([
  ['nothing of a copy', { reached: [] }, null],
  ['nothing of the story they were told of, decided again', { reached: ['new'] }, null],
  ['that it is corroborated', { reached: ['corroborated'] }, 'corroborated'],
  ['that it escalated, before that it is corroborated', { reached: ['corroborated', 'escalated'] }, 'escalated'],
  ['that it is corrected, before all', { reached: ['corroborated', 'escalated', 'corrected'] }, 'corrected'],
  [
    'what the story brought, though it holds nothing they follow',
    { follows: false, reached: ['escalated'] },
    'escalated',
  ],
  ['nothing that an earlier story brought', { reached: [], states: ['new', 'corroborated'] }, null],
  ['no state they did not ask for', { asked: ['new', 'escalated'], reached: ['corroborated'] }, null],
  ['a correction, whatever they asked for', { asked: ['new'], follows: false, reached: ['corrected'] }, 'corrected'],
])('who was told that it is new hears %s', (_, row, state) => {
  expect(told({ told: ['new'], ...row })).toBe(state);
});

test.each(['corroborated', 'escalated', 'corrected'] as const)('nobody hears twice that it is %s', (state) => {
  expect(told({ told: ['new', state], reached: [state] })).toBeNull();
});
