import type { TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import type { Problem } from '../api/problem.ts';
import type { Subscriber } from '../api/types.ts';
import { useClient } from '../api/use-answer.ts';
import { Field, LeastPriorityField, OneOf } from '../parts/field.tsx';
import { FollowPicker } from '../parts/follow-picker.tsx';
import { FormFoot } from '../parts/form-foot.tsx';

const addresses: Readonly<Record<string, readonly [label: string, example: string]>> = {
  email: ['E-mail address', 'desk@example.org'],
  sms: ['Number, with country code', '+4915112345678'],
  https: ['Address', 'https://example.org/alerts'],
};

const fresh = () => ({
  channel: 'email',
  address: '',
  follow: ['*'] as readonly string[],
  leastPriority: 'low',
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  consent: '',
});

type Given = ReturnType<typeof fresh>;

/** Asks an address to be told. SNS writes to it, and it is told nothing until it confirms. */
export function NewSubscriber({ added }: { readonly added: () => void }) {
  const client = useClient();
  const [given, setGiven] = useState(fresh);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [said, setSaid] = useState('');
  const set = (changed: Partial<Given>) => setGiven((before) => ({ ...before, ...changed }));

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { consent, ...rest } = given;
    const body = given.channel === 'sms' ? { ...rest, consent } : rest;
    const answer = await client.send<Subscriber>('POST', '/api/subscribers', body);
    setSaid('');
    if (answer.kind === 'failed') return setProblem(answer.problem);
    setProblem(null);
    setSaid(`${given.address} is asked to confirm, and is told nothing until then.`);
    setGiven(fresh());
    added();
  };

  return (
    <section aria-labelledby="new-title">
      <h2 id="new-title">Add a subscriber</h2>
      <form class="form" onSubmit={submit}>
        <NewFields given={given} set={set} problem={problem} />
        <FollowPicker follow={given.follow} onChange={(follow) => set({ follow })} />
        <FormFoot action="Add" problem={problem} said={said} />
      </form>
    </section>
  );
}

function NewFields({
  given,
  set,
  problem,
}: {
  readonly given: Given;
  readonly set: (changed: Partial<Given>) => void;
  readonly problem: Problem | null;
}) {
  const [label, example] = addresses[given.channel] ?? ['', ''];
  return (
    <div class="fields">
      <Field label="By" name="channel" problem={problem}>
        {(described) => (
          <OneOf
            {...described}
            value={given.channel}
            values={[
              ['email', 'e-mail'],
              ['sms', 'SMS'],
              ['https', 'HTTPS'],
            ]}
            onChange={(channel) => set({ channel })}
          />
        )}
      </Field>
      <Field label={label} name="address" problem={problem} hint="Held by SNS alone.">
        {(described) => (
          <input
            {...described}
            required
            value={given.address}
            placeholder={example}
            autocomplete="off"
            onInput={(event) => set({ address: event.currentTarget.value })}
          />
        )}
      </Field>
      {given.channel === 'sms' && (
        <Field label="How the holder agreed" name="consent" problem={problem}>
          {(described) => (
            <input
              {...described}
              required
              value={given.consent}
              placeholder="asked on the phone"
              onInput={(event) => set({ consent: event.currentTarget.value })}
            />
          )}
        </Field>
      )}
      <LeastPriorityField value={given.leastPriority} set={set} problem={problem} />
      <Field label="Time zone" name="timeZone" problem={problem}>
        {(described) => (
          <input
            {...described}
            value={given.timeZone}
            onInput={(event) => set({ timeZone: event.currentTarget.value })}
          />
        )}
      </Field>
    </div>
  );
}
