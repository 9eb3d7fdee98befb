import { existingTopic, type Parameters, type SnsActions, type SnsContext, timeOf } from './sns-context.ts';
import { checkMessage, checkSubject, messageFor, SnsRefusal } from './sns-rules.ts';
import { escapeXml, listParameter, snsAnswer } from './sns-wire.ts';

export function publishActions(context: SnsContext): SnsActions {
  const { state, outbox, posting, toQueues } = context;

  const publish = async (parameters: Parameters): Promise<string> => {
    const topicArn = existingTopic(state, parameters.get('TopicArn') ?? parameters.get('TargetArn'));
    const [message, subject] = [parameters.get('Message'), parameters.get('Subject')];
    checkSubject(subject);
    checkMessage(message, attributeBytes(parameters));
    const structure = parameters.get('MessageStructure');
    // SNS takes a message for a number that has answered STOP, and sends nothing.
    const { optedOut } = state.smsAccount();
    const confirmed = state
      .ofTopic(topicArn)
      .filter(({ confirmed, protocol, endpoint }) => confirmed && !(protocol === 'sms' && optedOut.includes(endpoint)));
    const texts = confirmed.map(({ protocol }) => messageFor(protocol, message, structure));
    const toQueue = messageFor('sqs', message, structure);
    const answer = await toQueues(new Map([...parameters, ['TopicArn', topicArn], ['Message', toQueue]]));
    for (const [index, subscription] of confirmed.entries()) {
      const { protocol, endpoint } = subscription;
      outbox.add({
        at: timeOf(context),
        channel: protocol,
        to: endpoint,
        kind: 'message',
        subject: protocol === 'sms' ? null : (subject ?? 'AWS Notification Message'),
        body: texts[index] as string,
        topicArn,
        token: null,
      });
      if (protocol === 'https') posting.post(subscription, { subject, body: texts[index] as string });
    }
    return answer;
  };

  return {
    Publish: publish,
    PublishBatch: async (parameters) => {
      const topicArn = existingTopic(state, parameters.get('TopicArn'));
      const outcomes = await Promise.all(
        listParameter(parameters, 'PublishBatchRequestEntries.member').map(async (entry) => {
          const id = `<Id>${escapeXml(entry.get('Id') ?? '')}</Id>`;
          try {
            const answer = await publish(new Map([...entry, ['Action', 'Publish'], ['TopicArn', topicArn]]));
            return { ok: `<member>${id}${/<MessageId>[^<]*<\/MessageId>/.exec(answer)?.[0]}</member>`, failed: '' };
          } catch (error) {
            if (!(error instanceof SnsRefusal)) throw error;
            const why = `<Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message>`;
            return { ok: '', failed: `<member>${id}${why}<SenderFault>true</SenderFault></member>` };
          }
        }),
      );
      const joined = (part: 'ok' | 'failed') => outcomes.map((each) => each[part]).join('');
      return snsAnswer('PublishBatch', `<Successful>${joined('ok')}</Successful><Failed>${joined('failed')}</Failed>`);
    },
  };
}

function attributeBytes(parameters: Parameters): number {
  let bytes = 0;
  for (const [name, value] of parameters) {
    if (/^MessageAttributes\.entry\.\d+\.(Name|Value\.)/.test(name)) bytes += Buffer.byteLength(value);
  }
  return bytes;
}
