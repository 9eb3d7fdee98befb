import { html } from 'hono/html';
import { deliveryWords } from '../core/subscriber/read-delivery.ts';
import { priorities, storylineStates } from '../core/subscriber/read-preferences.ts';
import type { Refusal } from '../core/subscriber/refusal.ts';
import type { Subscriber } from '../core/subscriber/subscriber.ts';
import type { LiveMatcher } from '../pipeline/live-matcher.ts';
import type { Markup } from './reader-page.ts';

/** A form's fields as the browser sent them, each with all its values. */
export type FormFields = Readonly<Record<string, readonly string[]>>;

/** What the form shows: the preferences as they are, or, after a refusal, as they were entered. */
type Shown = {
  readonly follow: readonly string[];
  readonly leastPriority: string;
  readonly langs: string;
  readonly states: readonly string[];
  readonly delivery: { readonly kind: string; readonly weekday: string; readonly hour: string };
  readonly quiet: { readonly start: string; readonly end: string; readonly criticalPasses: boolean };
  readonly timeZone: string;
  readonly smsPerDay: string;
  readonly smsUsdPerMonth: string;
};

const weekdays = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};
const deliveries = { 'at-once': 'at once', hourly: 'each hour', daily: 'once a day', weekly: 'once a week' };
const stateNames = {
  new: 'it is new',
  corroborated: 'more outlets report it',
  escalated: 'it becomes more urgent',
  corrected: 'it is corrected (always told to whoever was told what was wrong)',
};

/** What the form asks for, in the form that `readPreferences` takes. */
export function preferencesOf(fields: FormFields, channel: Subscriber['channel']): Record<string, unknown> {
  const one = (name: string) => (fields[name]?.[0] ?? '').trim();
  const kind = one('delivery');
  const at = { daily: `daily@${one('hour')}`, weekly: `weekly@${one('weekday')}@${one('hour')}` }[kind];
  const quiet = one('quietStart') === '' && one('quietEnd') === '' ? 'none' : `${one('quietStart')}-${one('quietEnd')}`;
  const number = (text: string) => (text === '' ? null : Number(text.replace(',', '.')));
  return {
    follow: fields.follow ?? [],
    leastPriority: one('leastPriority'),
    langs: one('langs')
      .split(/[\s,;]+/)
      .filter((lang) => lang !== ''),
    states: fields.states ?? [],
    delivery: at ?? kind,
    quiet,
    criticalPasses: fields.criticalPasses !== undefined,
    timeZone: one('timeZone'),
    ...(channel === 'sms'
      ? { smsPerDay: number(one('smsPerDay')), smsUsdPerMonth: number(one('smsUsdPerMonth')) }
      : {}),
  };
}

export function preferencesForm(
  subscriber: Subscriber,
  matcher: LiveMatcher | null,
  refused: { readonly fields: FormFields; readonly refusals: readonly Refusal[] } | null,
): Markup {
  const shown = refused === null ? asTheyAre(subscriber) : asEntered(refused.fields);
  const wrong = (refused?.refusals ?? []).map(({ sentence }) => html`<li>${sentence}</li>`);
  return html`${wrong.length > 0 ? html`<div class="wrong" role="alert"><p>Nothing was changed:</p><ul>${wrong}</ul></div>` : ''}
<form method="post">
<input type="hidden" name="do" value="change">
${followed(shown, matcher)}
<fieldset><legend>Which of it</legend>
<label>At least of priority <select name="leastPriority">${options(
    priorities.map((each) => [each, each]),
    shown.leastPriority,
  )}</select></label>
<label>In languages <input name="langs" value="${shown.langs}" autocomplete="off" aria-describedby="langs-hint"></label>
<p class="hint" id="langs-hint">Codes such as en, fa, zh; empty for every language.</p>
<p>Tell me when</p>
${storylineStates.map((state) => checkbox('states', state, stateNames[state], shown.states.includes(state)))}
</fieldset>
<fieldset><legend>When</legend>
<label>Tell me <select name="delivery">${options(Object.entries(deliveries), shown.delivery.kind)}</select></label>
<label>on <select name="weekday">${options(Object.entries(weekdays), shown.delivery.weekday)}</select> (once a week)</label>
<label>at the hour <input name="hour" type="number" min="0" max="23" value="${shown.delivery.hour}"> (once a day or a week)</label>
<label>Time zone <input name="timeZone" value="${shown.timeZone}" list="zones" autocomplete="off" required></label>
<datalist id="zones">${Intl.supportedValuesOf('timeZone').map((zone) => html`<option value="${zone}">`)}</datalist>
<label>Quiet from <input name="quietStart" type="time" value="${shown.quiet.start}"></label>
<label>until <input name="quietEnd" type="time" value="${shown.quiet.end}"></label>
<p class="hint">Leave both empty for no quiet hours. What comes then is kept and told afterwards.</p>
${checkbox('criticalPasses', 'yes', 'Critical alerts pass in quiet hours', shown.quiet.criticalPasses)}
</fieldset>
${subscriber.channel === 'sms' ? caps(shown) : ''}
<button>Save</button>
</form>`;
}

function followed(shown: Shown, matcher: LiveMatcher | null): Markup {
  const list = (legend: string, ids: readonly string[] = []) =>
    ids.length === 0
      ? ''
      : html`<details${shown.follow.some((id) => ids.includes(id)) ? ' open' : ''}><summary>${legend}</summary>
${ids.map((id) => checkbox('follow', id, matcher?.nameOf(id) ?? id, shown.follow.includes(id)))}</details>`;
  return html`<fieldset><legend>What I follow</legend>
${checkbox('follow', '*', 'Everything', shown.follow.includes('*'))}
${list('Events', matcher?.events)}
${list('People, places and organisations', matcher?.entities)}
</fieldset>`;
}

function caps(shown: Shown): Markup {
  return html`<fieldset><legend>How many SMS</legend>
<label>At most a day <input name="smsPerDay" type="number" min="1" value="${shown.smsPerDay}"></label>
<label>At most a month, in US dollars <input name="smsUsdPerMonth" inputmode="decimal" value="${shown.smsUsdPerMonth}"></label>
<p class="hint">Empty for no cap of your own. What a cap keeps back is told together once it frees.</p>
</fieldset>`;
}

function checkbox(name: string, value: string, words: string, checked: boolean): Markup {
  return html`<label><input type="checkbox" name="${name}" value="${value}"${checked ? ' checked' : ''}><span dir="auto">${words}</span></label>`;
}

function options(all: readonly (readonly [string, string])[], chosen: string): readonly Markup[] {
  return all.map(
    ([value, words]) => html`<option value="${value}"${value === chosen ? ' selected' : ''}>${words}</option>`,
  );
}

function asTheyAre(subscriber: Subscriber): Shown {
  const { follow, leastPriority, langs, states, delivery, quiet, timeZone, smsPerDay, smsUsdPerMonth } = subscriber;
  const [kind = '', ...at] = deliveryWords(delivery).split('@');
  const [weekday = 'mon'] = at.length === 2 ? at : [];
  return {
    ...{ follow, leastPriority, langs: langs.join(', '), states, timeZone },
    delivery: { kind, weekday, hour: at.at(-1) ?? '8' },
    quiet: { start: quiet?.start ?? '', end: quiet?.end ?? '', criticalPasses: quiet?.criticalPasses ?? false },
    smsPerDay: String(smsPerDay ?? ''),
    smsUsdPerMonth: String(smsUsdPerMonth ?? ''),
  };
}

function asEntered(fields: FormFields): Shown {
  const one = (name: string) => fields[name]?.[0] ?? '';
  return {
    ...{ follow: fields.follow ?? [], states: fields.states ?? [], leastPriority: one('leastPriority') },
    ...{ langs: one('langs'), timeZone: one('timeZone') },
    delivery: { kind: one('delivery'), weekday: one('weekday'), hour: one('hour') },
    quiet: { start: one('quietStart'), end: one('quietEnd'), criticalPasses: fields.criticalPasses !== undefined },
    smsPerDay: one('smsPerDay'),
    smsUsdPerMonth: one('smsUsdPerMonth'),
  };
}
