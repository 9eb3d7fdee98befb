import { account, region } from './resolve.ts';
import { existingTopic, type SnsActions, type SnsContext } from './sns-context.ts';
import { checkTopicAttribute, checkTopicName } from './sns-rules.ts';
import { attributeEntries, mapParameter, snsAnswer } from './sns-wire.ts';

const topicsAPage = 100;

/** Makes the topic here and at fauxqs, or gives an existing one these attributes. Returns its ARN. */
export async function createTopic(
  { state, toQueues }: SnsContext,
  name: string,
  attributes: Readonly<Record<string, string>>,
): Promise<string> {
  checkTopicName(name);
  for (const [key, value] of Object.entries(attributes)) checkTopicAttribute(key, value);
  const arn = `arn:aws:sns:${region}:${account}:${name}`;
  await toQueues(
    new Map([
      ['Action', 'CreateTopic'],
      ['Version', '2010-03-31'],
      ['Name', name],
    ]),
  );
  state.setTopic(arn, attributes);
  return arn;
}

export function topicActions(context: SnsContext): SnsActions {
  const { state, toQueues } = context;
  return {
    CreateTopic: async (parameters) => {
      const arn = await createTopic(
        context,
        parameters.get('Name') ?? '',
        mapParameter(parameters, 'Attributes.entry', 'key', 'value'),
      );
      return snsAnswer('CreateTopic', `<TopicArn>${arn}</TopicArn>`);
    },
    // Deleting what is not there is fine, as with SNS.
    DeleteTopic: async (parameters) => {
      state.deleteTopic(parameters.get('TopicArn') ?? '');
      await toQueues(parameters).catch(() => {});
      return snsAnswer('DeleteTopic', '');
    },
    ListTopics: (parameters) => {
      const from = Number(parameters.get('NextToken') ?? 0);
      const arns = [...state.topics().keys()].sort();
      const members = arns.slice(from, from + topicsAPage).map((arn) => `<member><TopicArn>${arn}</TopicArn></member>`);
      const next = from + topicsAPage < arns.length ? `<NextToken>${from + topicsAPage}</NextToken>` : '';
      return snsAnswer('ListTopics', `<Topics>${members.join('')}</Topics>${next}`);
    },
    GetTopicAttributes: (parameters) => {
      const arn = existingTopic(state, parameters.get('TopicArn'));
      const own = state.ofTopic(arn);
      return snsAnswer(
        'GetTopicAttributes',
        attributeEntries({
          TopicArn: arn,
          Owner: account,
          DisplayName: '',
          SubscriptionsConfirmed: String(own.filter((each) => each.confirmed).length),
          SubscriptionsPending: String(own.filter((each) => !each.confirmed).length),
          ...state.topics().get(arn),
        }),
      );
    },
    SetTopicAttributes: (parameters) => {
      const arn = existingTopic(state, parameters.get('TopicArn'));
      const [name, value] = [parameters.get('AttributeName') ?? '', parameters.get('AttributeValue') ?? ''];
      checkTopicAttribute(name, value);
      state.setTopic(arn, { [name]: value });
      return snsAnswer('SetTopicAttributes', '');
    },
  };
}
