import { flag, list, number, object, oneOf, orNull, type Schema, said, text, time, whole } from './schema.ts';
import { channel, ids, priority, state } from './vocabulary.ts';

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
  confirmed: orNull(said(time, 'When Wirewatch learnt of the confirmation; null before.')),
  state: oneOf('pending', 'confirmed', 'lost'),
};

/** What is said of subscribers and asked of them, by name. */
export const subscriberSchemas: Readonly<Record<string, Schema>> = {
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
