import { setTimeout as pause } from 'node:timers/promises';
import { storylineSettings } from '../../lib/core/storyline/settings.ts';
import { alertTexts, type TextDeps } from '../../lib/pipeline/alert-message.ts';
import type { DigestDeps } from '../../lib/pipeline/digest.ts';
import type { LiveMatcher } from '../../lib/pipeline/live-matcher.ts';
import { storyPlacer } from '../../lib/pipeline/place-story.ts';
import type { Publish } from '../../lib/pipeline/ports/outside.ts';
import type { Store } from '../../lib/pipeline/ports/store.ts';
import { setting } from './environment.ts';
import { log, meter, smsUsd } from './world.ts';

const countedAs = { email: 'emails', sms: 'sms', https: 'posts', programs: 'programs' } as const;

/** What deciding and telling needs. The result is asked once an invocation: subscribers are read once for its whole batch. */
export function openAlertDeps(
  store: Store,
  publish: Publish,
): (matcher: LiveMatcher) => DigestDeps & Pick<TextDeps, 'linkKeys'> {
  const { stories, storylines, ledger, control } = store;
  const feed = async (id: string) => (await store.feeds.get([id], 'lately'))[0] ?? null;
  // One for all invocations: the stories that one process places take turns.
  const place = storyPlacer({ storylines, settings: storylineSettings, pause, random: Math.random });
  const texts = { stories, storylines, feed, publicUrl: setting('PUBLIC_URL'), now: () => new Date(), log };
  return (matcher) => {
    const linkKeys = once(async () => (await control.linkKeys()).keys);
    return {
      stories,
      storylines,
      ledger,
      control,
      place,
      settings: storylineSettings,
      subscribers: { ...store.subscribers, list: once(() => store.subscribers.list()) },
      texts: alertTexts({ ...texts, matcher, linkKeys }),
      linkKeys,
      feed,
      publish,
      integrationTopic: setting('INTEGRATION_TOPIC'),
      accepted: (to) => meter.add({ [countedAs[to]]: 1 }),
      smsUsd: smsUsd(),
      now: () => new Date(),
      log,
    };
  };
}

function once<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | null = null;
  return () => {
    value ??= read();
    return value;
  };
}
