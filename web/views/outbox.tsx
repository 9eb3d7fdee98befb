import { useState } from 'preact/hooks';
import type { OutboxMessage } from '../api/types.ts';
import { useAnswer, useClient } from '../api/use-answer.ts';
import { Answered, Nothing } from '../parts/states-of-asking.tsx';
import { Time } from '../parts/time.tsx';

const refreshMs = 5_000;

type OutboxAnswer = { readonly messages: readonly (OutboxMessage & { readonly id: string })[] };

/** On one machine: what SNS would have sent. Nothing of it was delivered. */
export function Outbox() {
  const asked = useAnswer<OutboxAnswer>('/outbox.json', refreshMs);
  return (
    <>
      <div class="head">
        <h1>Outbox</h1>
      </div>
      <p class="quiet">Nothing here was delivered: it is what Amazon SNS would send.</p>
      <Answered asked={asked}>
        {({ messages }) => (
          <>
            <Pending messages={messages} confirmed={asked.again} />
            <section aria-labelledby="messages-title">
              <h2 id="messages-title">Messages</h2>
              {messages.length === 0 && (
                <Nothing>Nothing yet. Subscribe somebody: wirewatch subscribe, or the page's Subscribers.</Nothing>
              )}
              <ol class="outbox">
                {messages.map((message) => (
                  <li key={message.id}>
                    <details>
                      <summary>
                        <bdi dir="auto">{message.subject ?? message.body.split('\n')[0]}</bdi>
                        <span class="quiet">
                          {' '}
                          {message.channel} to {message.to}, <Time at={message.at} />
                        </span>
                      </summary>
                      <pre dir="auto">{message.body}</pre>
                    </details>
                  </li>
                ))}
              </ol>
            </section>
          </>
        )}
      </Answered>
    </>
  );
}

function Pending({
  messages,
  confirmed,
}: {
  readonly messages: OutboxAnswer['messages'];
  readonly confirmed: () => void;
}) {
  const pending = messages.filter((message) => message.pending);
  if (pending.length === 0) return null;
  return (
    <section aria-labelledby="pending-title">
      <h2 id="pending-title">Waiting for confirmation</h2>
      <ul class="findings">
        {pending.map((message) => (
          <PendingRow key={message.id} message={message} confirmed={confirmed} />
        ))}
      </ul>
    </section>
  );
}

function PendingRow({ message, confirmed }: { readonly message: OutboxMessage; readonly confirmed: () => void }) {
  const client = useClient();
  const [said, setSaid] = useState('');
  const confirm = async () => {
    const { topicArn, token } = message;
    const answer = await client.send('POST', '/local/confirm', { topicArn, token });
    if (answer.kind === 'failed')
      return setSaid('This confirmation is no longer valid. Subscribe again for a new one.');
    confirmed();
  };
  return (
    <li>
      <button type="button" onClick={confirm} aria-label={`Confirm the subscription of ${message.to}`}>
        Confirm
      </button>
      <p>
        {message.channel} to {message.to}, <Time at={message.at} /> <span role="status">{said}</span>
      </p>
    </li>
  );
}
