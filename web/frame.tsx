import type { VNode } from 'preact';
import { useEffect, useErrorBoundary, useRef } from 'preact/hooks';
import { type Address, writeAddress } from './address.ts';
import type { Client } from './api/client.ts';
import { ApiContext } from './api/use-answer.ts';
import { CatalogueContext, useCatalogue, useCatalogueOfApi } from './catalogue.ts';
import { SessionContext } from './session.ts';
import type { SignedIn } from './sign-in.ts';
import { AddressContext, useAddressOfWindow } from './use-address.ts';
import { Delivery } from './views/delivery.tsx';
import { Feeds } from './views/feeds.tsx';
import { Now } from './views/now.tsx';
import { Outbox } from './views/outbox.tsx';
import { StoryView } from './views/story.tsx';
import { StorylineView } from './views/storyline.tsx';
import { Subscribers } from './views/subscribers.tsx';
import { Target } from './views/target.tsx';
import { TryRule } from './views/try-rule.tsx';

type FrameProps = { readonly client: Client; readonly session: SignedIn; readonly outbox: boolean };

/** What stands around every view: where the reader is, where else there is to go, who they are. */
export function Frame({ client, session, outbox }: FrameProps) {
  const address = useAddressOfWindow();
  return (
    <ApiContext.Provider value={client}>
      <SessionContext.Provider value={session}>
        <AddressContext.Provider value={address}>
          <WithCatalogue>
            <Page address={address} session={session} outbox={outbox} />
          </WithCatalogue>
        </AddressContext.Provider>
      </SessionContext.Provider>
    </ApiContext.Provider>
  );
}

function WithCatalogue({ children }: { readonly children: VNode }) {
  const catalogue = useCatalogueOfApi();
  return <CatalogueContext.Provider value={catalogue}>{children}</CatalogueContext.Provider>;
}

type View = { readonly title: string; readonly draw: (id: string) => VNode };

const views: Readonly<Record<string, View>> = {
  '': { title: 'Now', draw: () => <Now /> },
  event: { title: 'Event', draw: (id) => <Target kind="event" id={id} /> },
  entity: { title: 'Entity', draw: (id) => <Target kind="entity" id={id} /> },
  storyline: { title: 'Storyline', draw: (id) => <StorylineView id={id} /> },
  story: { title: 'Why it matched', draw: (id) => <StoryView id={id} /> },
  feeds: { title: 'Feeds', draw: () => <Feeds /> },
  delivery: { title: 'Time to alert', draw: () => <Delivery /> },
  subscribers: { title: 'Subscribers', draw: () => <Subscribers /> },
  try: { title: 'Try a rule', draw: () => <TryRule /> },
  outbox: { title: 'Outbox', draw: () => <Outbox /> },
};

function Page({
  address,
  session,
  outbox,
}: {
  readonly address: Address;
  readonly session: SignedIn;
  readonly outbox: boolean;
}) {
  const [name = '', id] = address.path;
  const view = views[name];
  const { nameOf } = useCatalogue();
  const main = useRef<HTMLElement>(null);
  const place = address.path.join('/');
  const isTarget = name === 'event' || name === 'entity';
  useTitle(isTarget && id !== undefined ? nameOf(id) : (view?.title ?? 'Not found'));
  useFocusOnArrival(place, main);
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: the address names the view, and stays as it is */}
      <a class="skip" href="#content" onClick={(event) => skipTo(event, main.current)}>
        To the content
      </a>
      <header class="bar">
        <a class="mark" href="#/">
          Wirewatch
        </a>
        <nav aria-label="Views">
          <ul>
            {places
              .filter(([each]) => each !== 'outbox' || outbox)
              .map(([each, title]) => (
                <li key={each}>
                  <a href={writeAddress(each === '' ? [] : [each])} aria-current={each === name ? 'page' : undefined}>
                    {title}
                  </a>
                </li>
              ))}
          </ul>
        </nav>
        {session.signOut !== null && (
          <p class="who">
            <span>{session.name}</span> <span>{session.role}</span>{' '}
            <button type="button" class="plain" onClick={session.signOut}>
              Sign out
            </button>
          </p>
        )}
      </header>
      <main id="content" ref={main} tabIndex={-1}>
        {view === undefined ? <NotFound /> : <Guarded key={place}>{view.draw(id ?? '')}</Guarded>}
      </main>
    </>
  );
}

const places: readonly (readonly [name: string, title: string])[] = [
  ['', 'Now'],
  ['feeds', 'Feeds'],
  ['delivery', 'Time to alert'],
  ['subscribers', 'Subscribers'],
  ['try', 'Try a rule'],
  ['outbox', 'Outbox'],
];

/** A view that cannot be drawn leaves the frame, and with it the way to the others. */
function Guarded({ children }: { readonly children: VNode }) {
  const [error, again] = useErrorBoundary((failed) => console.error(failed));
  if (error === undefined) return children;
  return (
    <div class="trouble" role="alert">
      <p>This view could not be drawn: {String(error)}. It is a fault of the page; the browser's console says more.</p>
      <button type="button" onClick={again}>
        Draw it again
      </button>
    </div>
  );
}

function NotFound() {
  return (
    <>
      <h1>There is nothing here</h1>
      <p>
        The address names no view. <a href="#/">To what is happening now</a>
      </p>
    </>
  );
}

function skipTo(event: Event, main: HTMLElement | null): void {
  event.preventDefault();
  main?.focus();
}

function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Wirewatch`;
  }, [title]);
}

/** Another view is announced by the focus on its content, as another page would be; another filter is not. */
function useFocusOnArrival(place: string, main: { readonly current: HTMLElement | null }): void {
  const before = useRef(place);
  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [place, main]);
}
