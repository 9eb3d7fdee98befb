import type { AlertFacts } from '../core/alert/alert-facts.ts';
import { renderEmail } from '../core/alert/render-email.ts';
import { renderIntegration } from '../core/alert/render-integration.ts';
import { renderSms } from '../core/alert/render-sms.ts';
import type { Subscriber } from '../core/subscriber/subscriber.ts';
import type { LiveMatcher } from './live-matcher.ts';
import type { Publish, StoredMatch, StoredStory } from './ports.ts';

type Message = Omit<Parameters<Publish>[0], 'topicArn'>;

type Matched = {
  readonly story: StoredStory & { readonly match: StoredMatch };
  readonly outletName: string;
  readonly matcher: LiveMatcher;
};

/** One message for one reader: their reasons, their time zone, the form of their channel. */
export function alertMessage(
  alert: Matched & { readonly reader: Subscriber; readonly why: readonly string[] },
): Message {
  const facts = factsOf(alert, new Set(alert.why));
  if (alert.reader.channel === 'sms') return { subject: null, body: renderSms(facts) };
  if (alert.reader.channel === 'https')
    return { subject: null, body: JSON.stringify(renderIntegration(facts).message) };
  const noLinks = { storylineUrl: null, muteUrl: null, changeUrl: null, stopUrl: null };
  return renderEmail(facts, { timeZone: alert.reader.timeZone, ...noLinks });
}

/** The message for programs: the whole match, with the attributes that filter policies look at. */
export function integrationMessage(alert: Matched): Message {
  const { message, attributes } = renderIntegration(factsOf(alert, null));
  return { subject: null, body: JSON.stringify(message), attributes };
}

/** `only` keeps a reader's own reasons; null keeps all. */
function factsOf({ story, outletName, matcher }: Matched, only: ReadonlySet<string> | null): AlertFacts {
  const wanted = (id: string) => only === null || only.has(id);
  const named = (ids: readonly string[]) => ids.filter(wanted).map((id) => ({ id, name: matcher.nameOf(id) }));
  return {
    storyline: story.id,
    state: 'new',
    priority: story.match.priority,
    story: {
      id: story.id,
      title: story.title === '' ? story.summary : story.title,
      outlet: outletName,
      url: story.url,
      published: story.published,
      lang: story.lang,
    },
    entities: named(story.match.entities),
    events: named(story.match.events),
    evidence: story.match.evidence.filter(({ target }) => wanted(target)),
    outlets: 1,
    wires: 0,
  };
}
