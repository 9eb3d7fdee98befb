import { useState } from 'preact/hooks';
import type { Problem } from '../api/problem.ts';
import type { Subscriber } from '../api/types.ts';
import { useAnswer, useClient } from '../api/use-answer.ts';
import { useCatalogue } from '../catalogue.ts';
import { Answered, Nothing } from '../parts/states-of-asking.tsx';
import { useSession } from '../session.ts';
import { NewSubscriber } from './new-subscriber.tsx';
import { PreferencesForm } from './preferences-form.tsx';

const refreshMs = 60_000;

/** Who is told what. Readers look; editors change. */
export function Subscribers() {
  const asked = useAnswer<{ readonly subscribers: readonly Subscriber[] }>('/api/subscribers', refreshMs);
  const { role } = useSession();
  return (
    <>
      <div class="head">
        <h1>Subscribers</h1>
      </div>
      <section aria-labelledby="subscribers-title">
        <h2 id="subscribers-title">Who is told what</h2>
        <Answered asked={asked}>
          {({ subscribers }) =>
            subscribers.length === 0 ? (
              <Nothing>Nobody is told anything yet. {role === 'editor' && 'Add the first subscriber below.'}</Nothing>
            ) : (
              <ul class="subscribers">
                {subscribers.map((subscriber) => (
                  <OneSubscriber key={subscriber.id} subscriber={subscriber} changed={asked.again} />
                ))}
              </ul>
            )
          }
        </Answered>
      </section>
      {role === 'editor' ? (
        <NewSubscriber added={asked.again} />
      ) : (
        <p class="quiet">You may look; editors add and change subscribers.</p>
      )}
    </>
  );
}

const channels = { email: 'e-mail', sms: 'SMS', https: 'HTTPS' };

function OneSubscriber({ subscriber, changed }: { readonly subscriber: Subscriber; readonly changed: () => void }) {
  const { id, channel, address, state, follow, leastPriority, timeZone, paused = false } = subscriber;
  const { role } = useSession();
  const { nameOf } = useCatalogue();
  return (
    <li>
      <h3>
        <bdi>{address ?? id}</bdi>
      </h3>
      <p class="facts">
        <span>{channels[channel]}</span>
        <strong class={state === 'confirmed' ? 'well' : 'fault'}>
          {state === 'pending' ? 'not confirmed' : state === 'lost' ? 'no longer subscribed at SNS' : 'confirmed'}
        </strong>
        {paused && <strong class="fault">paused</strong>}
        <span>{leastPriority === 'low' ? 'any priority' : `${leastPriority} and above`}</span>
        <span>{deliveryWords(subscriber)}</span>
        {subscriber.quiet && (
          <span>
            quiet {subscriber.quiet.start}–{subscriber.quiet.end}
          </span>
        )}
        <span>{timeZone}</span>
        <code>{id}</code>
      </p>
      <p class="facts">follows {follow.includes('*') ? 'everything' : follow.map(nameOf).join(', ')}</p>
      {role === 'editor' && (
        <div class="actions">
          <details>
            <summary>Change</summary>
            <PreferencesForm subscriber={subscriber} changed={changed} />
          </details>
          <End subscriber={subscriber} ended={changed} />
        </div>
      )}
    </li>
  );
}

function deliveryWords({ delivery }: Subscriber): string {
  if (delivery === undefined || delivery.kind === 'at-once') return 'at once';
  if (delivery.kind === 'hourly') return 'every hour';
  return delivery.kind === 'daily' ? `daily at ${delivery.hour}:00` : `weekly, at ${delivery.hour}:00`;
}

/** Asks once more before it ends a subscription, since the address is forgotten with it. */
function End({ subscriber, ended }: { readonly subscriber: Subscriber; readonly ended: () => void }) {
  const client = useClient();
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const name = subscriber.address ?? subscriber.id;
  const end = async () => {
    const answer = await client.send('DELETE', `/api/subscribers/${encodeURIComponent(subscriber.id)}`);
    if (answer.kind === 'failed') return setProblem(answer.problem);
    ended();
  };
  if (!asking) {
    return (
      <button
        type="button"
        class="plain"
        aria-label={`End the subscription of ${name}`}
        onClick={() => setAsking(true)}
      >
        End
      </button>
    );
  }
  return (
    <p role="status" class="facts">
      <span>End it and forget the address?</span>
      <button type="button" onClick={end}>
        End the subscription of {name}
      </button>
      <button type="button" class="plain" onClick={() => setAsking(false)}>
        Keep it
      </button>
      {problem !== null && <span class="fault">{problem.detail}</span>}
    </p>
  );
}
