import { randomBytes } from 'node:crypto';
import { type LinkKey, usefulKeys } from '../core/subscriber/signed-link.ts';
import type { ControlStore } from './ports/control-store.ts';

export type LinkKeyDeps = {
  readonly control: Pick<ControlStore, 'linkKeys' | 'putLinkKeys'>;
  readonly now: () => Date;
};

/** Makes the first key where there is none. May run at each deploy; of two at once one makes it. */
export async function ensureLinkKeys(deps: LinkKeyDeps): Promise<void> {
  const { keys, revision } = await deps.control.linkKeys();
  if (keys.some(({ retired }) => retired === null)) return;
  await deps.control.putLinkKeys([...keys, newKey(keys)], revision);
}

/**
 * A new key signs from now on. Links already sent hold until they run out, or, where the keys may have been read by a
 * stranger, no longer: `revoke` forgets every earlier key.
 */
export async function rotateLinkKeys({ revoke }: { readonly revoke: boolean }, deps: LinkKeyDeps): Promise<LinkKey> {
  for (;;) {
    const { keys, revision } = await deps.control.linkKeys();
    const now = deps.now();
    const retired = keys.map((key) => ({ ...key, retired: key.retired ?? now.toISOString() }));
    const made = newKey(keys);
    const kept = revoke ? [] : usefulKeys(retired, now);
    if (await deps.control.putLinkKeys([...kept, made], revision)) return made;
  }
}

function newKey(keys: readonly LinkKey[]): LinkKey {
  const last = keys.at(-1)?.id ?? 0;
  return { id: (last + 1) % 256, secret: randomBytes(32).toString('base64'), retired: null };
}
