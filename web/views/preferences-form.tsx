import type { TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import type { StorylineState } from '../../lib/core/storyline/storyline-state.ts';
import type { Delivery } from '../../lib/core/subscriber/subscriber.ts';
import type { Problem } from '../api/problem.ts';
import type { Subscriber } from '../api/types.ts';
import { useClient } from '../api/use-answer.ts';
import { Field, LeastPriorityField } from '../parts/field.tsx';
import { FollowPicker } from '../parts/follow-picker.tsx';
import { FormFoot } from '../parts/form-foot.tsx';

const allStates: readonly StorylineState[] = ['new', 'corroborated', 'escalated', 'corrected'];
const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** As the API takes it: `at-once`, `hourly`, `daily@8`, `weekly@mon@8`. */
function wordsOf(delivery: Delivery | undefined): string {
  if (delivery?.kind === 'daily') return `daily@${delivery.hour}`;
  if (delivery?.kind === 'weekly') return `weekly@${days[delivery.weekday - 1]}@${delivery.hour}`;
  return delivery?.kind ?? 'at-once';
}

/** The fields as a form holds them. */
const heldBy = (subscriber: Subscriber) => ({
  follow: subscriber.follow,
  leastPriority: subscriber.leastPriority as string,
  states: subscriber.states ?? allStates,
  langs: (subscriber.langs ?? []).join(' '),
  delivery: wordsOf(subscriber.delivery),
  quiet: subscriber.quiet ? `${subscriber.quiet.start}-${subscriber.quiet.end}` : '',
  criticalPasses: subscriber.quiet?.criticalPasses ?? true,
  timeZone: subscriber.timeZone,
  paused: subscriber.paused ?? false,
});

type Held = ReturnType<typeof heldBy>;

/** Only what the editor changed, as the API takes it, so that nobody else's change is undone. */
export function changesIn(before: Held, after: Held): Readonly<Record<string, unknown>> {
  const changed = Object.entries(after).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof Held]),
  );
  const body: Record<string, unknown> = Object.fromEntries(changed);
  if ('langs' in body) body.langs = after.langs.split(/[\s,]+/).filter(Boolean);
  if ('quiet' in body) body.quiet = after.quiet.trim() === '' ? 'none' : after.quiet.trim();
  return body;
}

/** What a subscriber is told, and when. A change holds from the next alert on. */
export function PreferencesForm({
  subscriber,
  changed,
}: {
  readonly subscriber: Subscriber;
  readonly changed: () => void;
}) {
  const client = useClient();
  const [before] = useState(() => heldBy(subscriber));
  const [held, setHeld] = useState(before);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [said, setSaid] = useState('');
  const set = (given: Partial<Held>) => setHeld((kept) => ({ ...kept, ...given }));

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = changesIn(before, held);
    if (Object.keys(body).length === 0) return setSaid('Nothing was changed.');
    const answer = await client.send('PATCH', `/api/subscribers/${encodeURIComponent(subscriber.id)}`, body);
    setProblem(answer.kind === 'failed' ? answer.problem : null);
    setSaid(answer.kind === 'failed' ? '' : 'Saved; it holds from the next alert on.');
    if (answer.kind !== 'failed') changed();
  };

  return (
    <form class="form" onSubmit={submit}>
      <div class="fields">
        <LeastPriorityField value={held.leastPriority} set={set} problem={problem} />
        <TextField
          name="delivery"
          label="When"
          hint="at-once, hourly, daily@8 or weekly@mon@8"
          held={held}
          set={set}
          problem={problem}
        />
        <TextField
          name="quiet"
          label="Quiet hours"
          hint="22:00-07:00; empty for none"
          held={held}
          set={set}
          problem={problem}
        />
        <TextField name="langs" label="Languages" hint="en fa; empty for all" held={held} set={set} problem={problem} />
        <TextField name="timeZone" label="Time zone" hint="as Europe/Paris" held={held} set={set} problem={problem} />
      </div>
      <fieldset class="ticks">
        <legend>States told</legend>
        {allStates.map((state) => (
          <Tick
            key={state}
            label={state}
            checked={held.states.includes(state)}
            onChange={(on) =>
              set({ states: allStates.filter((each) => (each === state ? on : held.states.includes(each))) })
            }
          />
        ))}
      </fieldset>
      <fieldset class="ticks">
        <legend>Exceptions</legend>
        <Tick
          label="critical alerts pass quiet hours"
          checked={held.criticalPasses}
          onChange={(criticalPasses) => set({ criticalPasses })}
        />
        <Tick label="paused: told nothing" checked={held.paused} onChange={(paused) => set({ paused })} />
      </fieldset>
      <FollowPicker follow={held.follow} onChange={(follow) => set({ follow })} />
      <FormFoot action="Save" problem={problem} said={said} />
    </form>
  );
}

function TextField({
  name,
  label,
  hint,
  held,
  set,
  problem,
}: {
  readonly name: 'delivery' | 'quiet' | 'langs' | 'timeZone';
  readonly label: string;
  readonly hint: string;
  readonly held: Held;
  readonly set: (given: Partial<Held>) => void;
  readonly problem: Problem | null;
}) {
  return (
    <Field label={label} name={name} problem={problem} hint={hint}>
      {(described) => (
        <input {...described} value={held[name]} onInput={(event) => set({ [name]: event.currentTarget.value })} />
      )}
    </Field>
  );
}

function Tick({
  label,
  checked,
  onChange,
}: {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (on: boolean) => void;
}) {
  return (
    <label class="tick">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}
