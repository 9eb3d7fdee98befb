import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { html } from 'hono/html';
import { plainLine } from '../core/alert/plain-text.ts';
import { timeInZone } from '../core/alert/time-in-zone.ts';
import type { Subscriber } from '../core/subscriber/subscriber.ts';
import type { Log } from '../pipeline/ports/outside.ts';
import { stillMuted } from '../pipeline/preferences.ts';
import {
  actOnLink,
  type OpenedLink,
  openLink,
  type ReaderLinkDeps,
  type ReaderWish,
  storylineTitle,
  wishOf,
} from '../pipeline/reader-links.ts';
import { RefusedRequest } from '../pipeline/refused-request.ts';
import { type FormFields, preferencesForm, preferencesOf } from './preferences-form.ts';
import { buttonForm, done, type Markup, readerPage, readerPageHeaders } from './reader-page.ts';

/** A form of the page: some hundred ids at most. */
const mostBodyBytes = 32_768;

type Opened = OpenedLink & { readonly kind: 'good' };

/**
 * The pages behind the links in alerts, for readers without an account. GET shows and changes nothing, POST acts. No page
 * shows an address, and no answer tells one wrong link from another.
 */
export function readerPages(open: () => Promise<ReaderLinkDeps>, log: Log): Hono {
  const app = new Hono();
  const tooLong = () => page(413, 'Too long', html`<p>The form holds more than it can take.</p>`);
  app.use('/r/:token', bodyLimit({ maxSize: mostBodyBytes, onError: tooLong }));

  app.get('/r/:token', async (context) => {
    const deps = await open();
    const opened = await openLink(context.req.param('token'), deps);
    return opened.kind === 'good' ? show(opened, '', deps) : unusable(opened.kind);
  });

  app.post('/r/:token', async (context) => {
    const deps = await open();
    const opened = await openLink(context.req.param('token'), deps);
    if (opened.kind !== 'good') return unusable(opened.kind);
    const fields = await fieldsOf(context);
    const wish = wishOf(opened.link, fields.do?.[0]);
    if (wish === null)
      return page(400, 'Nothing was changed', html`<p>Open the link again and use a button of its page.</p>`);
    return act(opened, wish, fields, deps, log);
  });

  app.onError((error) => {
    log({ event: 'reader page failed', error: error.stack ?? String(error) });
    return page(
      500,
      'Something went wrong',
      html`<p>Nothing may have been changed. Open the link again in some minutes.</p>`,
    );
  });
  return app;
}

async function act(
  opened: Opened,
  wish: ReaderWish,
  fields: FormFields,
  deps: ReaderLinkDeps,
  log: Log,
): Promise<Response> {
  const preferences = preferencesOf(fields, opened.subscriber.channel);
  try {
    const subscriber = await actOnLink(opened, wish, { preferences, storyline: fields.storyline?.[0] ?? null }, deps);
    log({ event: 'reader acted', subscriber: opened.subscriber.id, wish });
    if (subscriber === null)
      return page(200, 'Stopped', done('You are told nothing any more; your address is deleted.'));
    return show({ ...opened, subscriber }, done(doneWords[wish]), deps);
  } catch (error) {
    if (!(error instanceof RefusedRequest)) throw error;
    const form = preferencesForm(opened.subscriber, deps.matcher, { fields, refusals: error.refusals });
    return page(400, 'Change what you are told', form);
  }
}

const doneWords: Readonly<Record<ReaderWish, string>> = {
  mute: 'Muted. You are told no more of this storyline.',
  unmute: 'You are told of this storyline again.',
  change: 'Saved. It holds from the next alert on.',
  pause: 'Paused. You are told nothing until you resume.',
  resume: 'Resumed. You are told again from the next alert on.',
  stop: '',
};

async function show(opened: Opened, news: Markup | '', deps: ReaderLinkDeps): Promise<Response> {
  if (opened.link.action === 'mute') return mutePage(opened, news, deps);
  if (opened.link.action === 'change') return changePage(opened.subscriber, news, deps);
  return page(
    200,
    'Stop all alerts?',
    html`<p>Nothing has been changed yet. Your address and what you follow will be deleted.</p>
${buttonForm('stop', 'Stop all alerts')}
<p class="hint">To be told less, or to pause, use the link “Change what you are told” in the same message.</p>`,
  );
}

async function mutePage({ link, subscriber }: Opened, news: Markup | '', deps: ReaderLinkDeps): Promise<Response> {
  const storyline = link.storyline ?? '';
  const muted = stillMuted(subscriber, deps.now()).find((each) => each.storyline === storyline);
  const title = plainLine((await storylineTitle(storyline, deps)) ?? 'The storyline of the message');
  const until = muted === undefined ? '' : html`<p>Muted until ${timeInZone(muted.until, subscriber.timeZone)}.</p>`;
  const button =
    muted === undefined
      ? buttonForm('mute', 'Tell me no more of this storyline')
      : buttonForm('unmute', 'Tell me of it again');
  return page(
    200,
    muted === undefined ? 'Mute this storyline?' : 'This storyline is muted',
    html`${news}<blockquote dir="auto">${title}</blockquote>${until}${button}`,
  );
}

async function changePage(subscriber: Subscriber, news: Markup | '', deps: ReaderLinkDeps): Promise<Response> {
  const pause = subscriber.paused
    ? html`<p>You have paused: you are told nothing.</p>${buttonForm('resume', 'Resume')}`
    : buttonForm('pause', 'Pause everything');
  const muted = await Promise.all(
    stillMuted(subscriber, deps.now())
      .slice(-20)
      .map(async ({ storyline }) => {
        const title = plainLine((await storylineTitle(storyline, deps)) ?? storyline);
        return html`<li><span dir="auto">${title}</span>${buttonForm('unmute', 'Unmute', { storyline })}</li>`;
      }),
  );
  const list = muted.length === 0 ? '' : html`<h2>Muted storylines</h2><ul>${muted}</ul>`;
  return page(
    200,
    'Change what you are told',
    html`${news}${preferencesForm(subscriber, deps.matcher, null)}<h2>Pause</h2>${pause}${list}`,
  );
}

function unusable(kind: 'wrong' | 'expired' | 'gone'): Promise<Response> {
  if (kind === 'gone') {
    return page(
      410,
      'You have stopped',
      html`<p>This link’s reader is told nothing any more. There is nothing left to change.</p>`,
    );
  }
  const last = html`<p>Use the link in the latest message you got. If it fails as well, follow the unsubscribe link at the end
of the message, or write to whoever runs this Wirewatch.</p>`;
  if (kind === 'expired') return page(410, 'This link has run out', html`<p>Nothing was changed.</p>${last}`);
  return page(
    403,
    'This link is not valid',
    html`<p>It may have been cut off when it was copied. Nothing was changed.</p>${last}`,
  );
}

async function page(status: number, title: string, content: Markup): Promise<Response> {
  return new Response(String(await readerPage(title, content)), { status, headers: readerPageHeaders });
}

async function fieldsOf(context: Context): Promise<FormFields> {
  const body = await context.req.parseBody({ all: true }).catch(() => ({}));
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      [value].flat().filter((each): each is string => typeof each === 'string'),
    ]),
  );
}
