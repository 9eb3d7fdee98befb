import type { StorylineState } from '../storyline/storyline-state.ts';
import type { Priority } from '../watchlist/matched.ts';
import type { AlertFacts, Followed } from './alert-facts.ts';
import { plainLine } from './plain-text.ts';

/** What programs read from the integration topic; fields are added, never renamed, under one version. */
export type IntegrationMessage = {
  readonly version: 1;
  readonly storyline: string;
  readonly state: StorylineState;
  readonly priority: Priority;
  readonly outlets: number;
  readonly wires: number;
  readonly story: AlertFacts['story'];
  readonly entities: readonly Followed[];
  readonly events: readonly Followed[];
  readonly evidence: AlertFacts['evidence'];
};

/** What an ordinary SNS filter policy on the integration topic can ask for. */
export type IntegrationAttributes = {
  readonly events: readonly string[];
  readonly entities: readonly string[];
  readonly priority: Priority;
  readonly state: StorylineState;
  /** `und` where it is not known: SNS takes no empty value. */
  readonly lang: string;
};

const mostTitleUnits = 2_000;
const mostEvidence = 100;

/** One storyline state for programs. Feed text is made plain here too: chat tools show it as it comes. */
export function renderIntegration(facts: AlertFacts): {
  readonly message: IntegrationMessage;
  readonly attributes: IntegrationAttributes;
} {
  const { storyline, state, priority, outlets, wires, story, entities, events } = facts;
  return {
    message: {
      version: 1,
      storyline,
      state,
      priority,
      outlets,
      wires,
      story: {
        id: story.id,
        title: plainLine(story.title.slice(0, mostTitleUnits)),
        outlet: plainLine(story.outlet),
        url: story.url,
        published: story.published,
        lang: story.lang,
      },
      entities: entities.map(({ id, name }) => ({ id, name })),
      events: events.map(({ id, name }) => ({ id, name })),
      evidence: facts.evidence
        .slice(0, mostEvidence)
        .map(({ target, text }) => ({ target, text: plainLine(text.slice(0, 200)) })),
    },
    attributes: {
      events: events.map(({ id }) => id),
      entities: entities.map(({ id }) => id),
      priority,
      state,
      lang: story.lang.trim() === '' ? 'und' : story.lang,
    },
  };
}
