import { type LinkAction, type ReaderLink, readLink } from '../core/subscriber/signed-link.ts';
import type { Subscriber } from '../core/subscriber/subscriber.ts';
import type { Store } from './ports/store.ts';
import { changePreferences, mute, type PreferenceDeps, unmute } from './preferences.ts';
import { type SubscribeDeps, unsubscribe } from './subscribe.ts';

export type ReaderLinkDeps = SubscribeDeps & PreferenceDeps & { readonly store: Store };

export type OpenedLink =
  | { readonly kind: 'good'; readonly link: ReaderLink; readonly subscriber: Subscriber }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'expired' }
  /** Its subscriber has stopped. */
  | { readonly kind: 'gone' };

/** What a reader may ask for by a form on the page of a link. */
export type ReaderWish = 'mute' | 'unmute' | 'change' | 'pause' | 'resume' | 'stop';

const allowed: Readonly<Record<LinkAction, readonly ReaderWish[]>> = {
  mute: ['mute', 'unmute'],
  change: ['change', 'pause', 'resume', 'unmute'],
  stop: ['stop'],
};

/** Looks at a link and changes nothing: scanners open every link. */
export async function openLink(token: string, deps: ReaderLinkDeps): Promise<OpenedLink> {
  const read = readLink(token, (await deps.store.control.linkKeys()).keys, deps.now());
  if (read.kind !== 'good') return { kind: read.kind };
  const subscriber = await deps.subscribers.get(read.link.subscriber);
  return subscriber === null ? { kind: 'gone' } : { kind: 'good', link: read.link, subscriber };
}

/** Null where this link does not allow the wish. */
export function wishOf(link: ReaderLink, wish: unknown): ReaderWish | null {
  return allowed[link.action].find((each) => each === wish) ?? null;
}

/**
 * Does what the reader wished; twice is the same as once. `asked` holds the preferences for `change`, and the storyline
 * to unmute on the page of all. Returns the subscriber as it is now, or null once it has stopped.
 */
export async function actOnLink(
  { link, subscriber }: OpenedLink & { readonly kind: 'good' },
  wish: ReaderWish,
  asked: { readonly preferences: unknown; readonly storyline: string | null },
  deps: ReaderLinkDeps,
): Promise<Subscriber | null> {
  const storyline = link.storyline ?? asked.storyline ?? '';
  switch (wish) {
    case 'mute':
      return mute(subscriber.id, storyline, deps);
    case 'unmute':
      return unmute(subscriber.id, storyline, deps);
    case 'change':
      return changePreferences(subscriber.id, asked.preferences, deps);
    case 'pause':
      return changePreferences(subscriber.id, { paused: true }, deps);
    case 'resume':
      return changePreferences(subscriber.id, { paused: false }, deps);
    case 'stop':
      await unsubscribe(subscriber.id, deps);
      return null;
  }
}

/** The title under which the reader was told of a storyline; null where it is not kept any more. */
export async function storylineTitle(
  storyline: string,
  { store }: Pick<ReaderLinkDeps, 'store'>,
): Promise<string | null> {
  const alerts = await store.ledger.ofStoryline(storyline);
  const latest = [...alerts].sort((a, b) => (a.decided < b.decided ? 1 : -1))[0];
  const story = await store.stories.get(latest?.story ?? storyline);
  return story === null || story.title === '' ? null : story.title;
}
