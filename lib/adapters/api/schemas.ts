import { usageFields } from '../../core/cost/usage.ts';
import { flag, list, map, number, object, oneOf, orNull, ref, type Schema, said, text, time, whole } from './schema.ts';

const ids = list(text);
const priority = oneOf('low', 'normal', 'high', 'critical');
const state = oneOf('new', 'corroborated', 'escalated', 'corrected');
const channel = oneOf('email', 'sms', 'https');
const named = { id: text, name: text };

/** The fields of a match, which a storyline's story and a try-out share. */
const match = {
  id: said(text, 'The story; see /api/stories/{id}.'),
  storyline: text,
  duplicateOf: orNull(said(text, 'The story it is a copy of.')),
  reached: said(list(state), 'The states to which it brought its storyline.'),
  title: said(text, 'What the feed says, as text: never HTML. At most 300 characters.'),
  url: orNull(text),
  source: said(text, 'The feed.'),
  outlet: said(text, 'The newsroom; feeds of one newsroom share it.'),
  lang: said(text, 'BCP 47, lower case.'),
  published: time,
  seen: said(time, 'When a poll first found it.'),
  entities: ids,
  events: ids,
  priority,
  words: said(ids, 'The words that matched, at most six.'),
  summary: said(text, 'At most 200 characters.'),
};

const percentiles = orNull(object({ p50: number, p95: number, count: whole }));

const bucket = {
  at: said(time, 'When the bucket begins.'),
  stories: whole,
  outlets: said(whole, 'Distinct newsrooms.'),
  spike: said(flag, 'Far above what the buckets before it had.'),
};

/** Where a list goes on, and what it cost. */
export const paged = {
  next: orNull(said(text, 'The cursor of the next page; null at the end of the window.')),
  read: said(whole, 'Rows read to make the page.'),
};

/** What a subscriber asks for, as a request says it. */
const wishes = {
  follow: said(ids, 'Entity and event ids, or `*`.'),
  leastPriority: priority,
  langs: said(ids, 'Languages told; none means every language.'),
  states: said(list(state), 'States of a storyline that are told.'),
  delivery: said(text, '`at-once`, `hourly`, `daily@8` or `weekly@mon@8`, by the hour of the zone.'),
  quiet: orNull(said(text, 'Local hours without alerts, such as `22:00-07:00`.')),
  criticalPasses: said(flag, 'Whether critical alerts pass in quiet hours.'),
  timeZone: said(text, 'An IANA name.'),
  smsPerDay: orNull(whole),
  smsUsdPerMonth: orNull(number),
  paused: flag,
};

const subscriber = {
  id: text,
  channel,
  follow: ids,
  leastPriority: priority,
  langs: ids,
  states: list(state),
  delivery: object({ kind: oneOf('at-once', 'hourly', 'daily', 'weekly'), hour: whole, weekday: whole }, [
    'hour',
    'weekday',
  ]),
  quiet: orNull(object({ start: text, end: text, criticalPasses: flag })),
  timeZone: text,
  smsPerDay: orNull(whole),
  smsUsdPerMonth: orNull(number),
  paused: flag,
  muted: list(object({ storyline: text, until: time })),
  consent: orNull(object({ at: time, how: text })),
  created: time,
  state: oneOf('pending', 'confirmed', 'lost'),
};

/** What the answers are made of, by name. */
export const schemas: Readonly<Record<string, Schema>> = {
  Problem: {
    ...object(
      {
        type: text,
        title: text,
        status: whole,
        detail: said(text, 'A sentence for a person: the thing, the value, the remedy.'),
        field: said(text, 'The parameter or field of the body that is refused.'),
      },
      ['field'],
    ),
    description: 'Problem details, RFC 9457.',
  },
  Match: object(match),
  Matches: object({ matches: list(ref('Match')), ...paged }),
  Storyline: object({
    id: text,
    title: text,
    opened: time,
    last: said(time, 'Its newest activity.'),
    closed: orNull(time),
    stories: whole,
    outlets: ids,
    wires: said(ids, 'The agencies whose copies it holds.'),
    langs: ids,
    entities: ids,
    events: ids,
    priority,
    states: said(list(state), 'What it has come to, in order.'),
    words: said(ids, 'The words that matched.'),
  }),
  Storylines: object({ storylines: list(ref('Storyline')), ...paged }),
  StorylineStory: object({
    story: said(text, 'Its id.'),
    at: time,
    duplicateOf: orNull(said(text, 'The story of which it is a copy.')),
    reached: said(list(state), 'The states to which it brought the storyline.'),
    match: orNull(said(ref('Match'), 'Null once the story has expired.')),
    evidence: list(ref('Evidence')),
    revisions: list(ref('Revision')),
  }),
  StorylinePage: object({
    storyline: ref('Storyline'),
    stories: said(list(ref('StorylineStory')), 'In order of time.'),
    next: paged.next,
    alerts: list(ref('Alert')),
    names: said(map(text), 'Display names of the entities and events.'),
  }),
  Alert: object({
    subscriber: said(text, "A subscriber's id, or `integration` for the topic for programs."),
    state,
    story: said(text, 'The story that brought it.'),
    decided: time,
    sent: orNull(said(time, 'When SNS accepted it; null while it is only claimed or held.')),
    held: orNull(object({ until: time, why: text })),
  }),
  Evidence: object(
    {
      target: said(text, "The entity's or event's id."),
      field: oneOf('title', 'summary', 'content'),
      start: said(whole, 'UTF-16 offset into the field.'),
      end: said(whole, 'Exclusive.'),
      text: said(text, 'The words as they stand there.'),
      clause: said(text, 'The clause of the rule, as its author wrote it.'),
    },
    ['clause'],
  ),
  Revision: object({ at: time, title: said(text, 'The title until then.') }),
  NearMiss: object({
    target: text,
    rule: oneOf('when', 'while_running', 'alias'),
    held: list(object({ clause: text, words: ids })),
    failed: ids,
  }),
  StoredMatch: object({
    entities: ids,
    events: ids,
    evidence: list(ref('Evidence')),
    priority,
    watchlist: said(text, 'The version that matched it.'),
  }),
  Story: object({
    id: text,
    feed: text,
    outlet: text,
    url: orNull(text),
    title: text,
    summary: text,
    content: said(text, 'What is stored of it: at most 2 kB a story in all.'),
    lang: text,
    published: time,
    seen: time,
    authors: ids,
    categories: ids,
    match: orNull(ref('StoredMatch')),
    tell: said(flag, 'False for a seed and for what was old when first seen.'),
    undecidedSince: orNull(time),
    revisions: list(ref('Revision')),
    trace: text,
    placed: orNull(
      object({
        storyline: text,
        title: said(text, 'Under which it was placed.'),
        duplicateOf: orNull(text),
        reached: list(state),
        why: said(ids, 'Why it lies in that storyline.'),
      }),
    ),
    alerts: list(object({ subscriber: text, state, decided: time, sent: orNull(time) })),
    live: orNull(
      object({
        watchlist: text,
        entities: ids,
        events: ids,
        evidence: list(ref('Evidence')),
        nearly: list(ref('NearMiss')),
        names: map(text),
      }),
    ),
  }),
  StoredStory: object({
    id: text,
    feed: text,
    outlet: text,
    url: orNull(text),
    title: text,
    summary: text,
    content: text,
    lang: text,
    published: time,
    seen: time,
    match: orNull(ref('StoredMatch')),
  }),
  StoredStories: object({ stories: list(ref('StoredStory')), ...paged }),
  Feed: object({
    ...named,
    url: text,
    outlet: text,
    tier: said({ type: 'integer', enum: [1, 2, 3] }, '1 wire or paper of record, 2 established, 3 other.'),
    lang: text,
    country: text,
    origin: oneOf('file', 'run-time'),
    state: said(text, 'paused, new, ok, moved, or what ails it.'),
    since: orNull(time),
    problem: said(text, 'Empty while all is well.'),
    failures: said(whole, 'In a row.'),
    lastStory: orNull(time),
    cadence: object({ seconds: number, why: text }),
    nextPoll: orNull(time),
  }),
  Feeds: object({ feeds: list(ref('Feed')) }),
  Watchlist: object({
    live: orNull(
      object({
        version: text,
        key: text,
        applied: time,
        by: oneOf('deploy', 'command'),
        entities: whole,
        events: whole,
      }),
    ),
    entities: list(object(named)),
    events: list(object(named)),
  }),
  Try: {
    ...object(
      {
        query: said(text, 'A query of the watchlist language. One of `query` and `rule`.'),
        rule: said(text, 'An event as it would stand in watchlist.yaml, below its id: `when: …`, `unless: …`.'),
        since: said(text, 'Stories first seen since; a time or a span back from now. Without it, 24h.'),
        until: text,
        limit: { type: 'integer', minimum: 1, maximum: 1_000 },
        cursor: text,
      },
      ['query', 'rule', 'since', 'until', 'limit', 'cursor'],
    ),
    additionalProperties: false,
  },
  Tried: object({
    since: time,
    until: time,
    tried: said(whole, 'Stories looked at.'),
    matched: said(list(ref('TriedStory')), 'Those the rule matches, in order of arrival.'),
    ...paged,
  }),
  TriedStory: object({
    id: text,
    title: text,
    summary: text,
    url: orNull(text),
    source: text,
    outlet: text,
    lang: text,
    published: time,
    seen: time,
    matches: said(flag, 'Whether it had matched anything when it was stored.'),
    evidence: list(ref('Evidence')),
  }),
  Percentiles: object({ p50: number, p95: number, count: whole }),
  Stats: object({
    day: said({ type: 'string', format: 'date' }, 'In UTC; all counts are of it.'),
    polls: object({ all: whole, unchanged: whole, failed: whole, dropped: whole }),
    stories: whole,
    matches: whole,
    alerts: object({
      sent: said(whole, 'Alerts to readers that SNS accepted.'),
      waiting: said(whole, 'Claimed and not yet accepted.'),
      integration: said(whole, 'Messages to the topic for programs, not counted among `sent`.'),
    }),
    timeToAlert: object({
      fromPublished: percentiles,
      fromSeen: said(percentiles, 'Seconds from first sight to SNS accepting the alert; readers alone.'),
      byTier: list(object({ tier: whole, fromPublished: percentiles, fromSeen: percentiles })),
      slowest: list(
        object({
          story: text,
          storyline: text,
          subscriber: text,
          tier: whole,
          seconds: said(number, 'From first sight.'),
        }),
      ),
    }),
  }),
  Bucket: object(bucket),
  Series: object({
    by: oneOf('hour', 'day'),
    since: time,
    until: time,
    event: orNull(text),
    entity: orNull(text),
    name: said(text, 'Display name of the event or entity; empty for all matches.'),
    buckets: said(list(ref('Bucket')), 'Oldest first, none left out; the last one is still filling.'),
    completeSince: said(time, 'Counts before this may be too low: more was there than one answer reads.'),
    read: said(whole, 'Rows read.'),
  }),
  EventSeries: object({
    by: oneOf('hour', 'day'),
    since: time,
    until: time,
    events: said(
      list(object({ event: text, name: text, stories: whole, buckets: list(ref('Bucket')) })),
      'Those with the most stories first.',
    ),
    completeSince: time,
    read: whole,
  }),
  Company: object({
    since: time,
    until: time,
    event: orNull(text),
    entity: orNull(text),
    name: text,
    stories: said(whole, 'Stories counted.'),
    entities: list(object({ ...named, stories: whole })),
    events: list(object({ ...named, stories: whole })),
    outlets: list(object({ id: text, stories: whole })),
    sources: list(object({ id: text, stories: whole })),
    langs: list(object({ id: text, stories: whole })),
    completeSince: said(time, 'Older stories of the window were not counted.'),
    read: whole,
  }),
  Usage: object({
    month: text,
    at: time,
    functions: list(
      object({
        name: text,
        since: time,
        until: said(time, 'When the function last added to it: at most a quarter of an hour ago while it runs.'),
        watchlist: said(orNull(text), 'The version that it matched by then.'),
        used: object(Object.fromEntries(usageFields.map((field) => [field, number]))),
      }),
    ),
  }),
  Findings: object({
    at: said(time, 'Now, by the clock of whoever answers.'),
    findings: list(object({ level: oneOf('fault', 'warning'), what: text, remedy: text })),
  }),
  SubscribeRequest: object(
    {
      channel,
      address: said(text, 'An e-mail address, a number in E.164 form or an https address. Passed on to SNS alone.'),
      consent: orNull(said(text, 'How and when the holder of a number agreed to SMS; asked for with channel sms.')),
      ...wishes,
    },
    ['consent', ...Object.keys(wishes).filter((name) => name !== 'follow')],
  ),
  PreferencesRequest: object(wishes, Object.keys(wishes)),
  Subscriber: object(subscriber),
  ListedSubscriber: object({
    ...subscriber,
    address: orNull(said(text, 'As SNS has it; null for readers, who may look and not change.')),
  }),
};
