import type { Command } from 'commander';
import { PlainError } from '../../lib/core/plain-error.ts';
import { deliveryWords, quietWords } from '../../lib/core/subscriber/read-delivery.ts';
import type { Subscriber } from '../../lib/core/subscriber/subscriber.ts';
import type { ListedSubscriber } from '../../lib/pipeline/subscribe.ts';
import type { CommandFile } from '../command-file.ts';
import { printJson, printTable, say, shortTime } from '../output.ts';
import { addPreferenceOptions, type PreferenceOptions, preferencesBody } from '../preference-options.ts';
import { addSystemOptions, openSystem, type SystemOptions } from '../system.ts';

type Options = SystemOptions & { readonly json?: boolean };
/** What the API shows of a subscriber that was changed. */
type Changed = Omit<Subscriber, 'topicArn' | 'subscriptionArn'>;

export const command: CommandFile = {
  describe: 'who is told what; change, pause, resume and mute',
  build(command) {
    const sub = (name: string, describe: string): Command =>
      addSystemOptions(command.command(name).description(describe).option('--json', 'one JSON document'));
    addSystemOptions(
      command
        .command('list', { isDefault: true })
        .description('every subscriber with its address, state and preferences')
        .option('--json', 'one JSON document'),
    ).action(list);
    addPreferenceOptions(sub('set', 'change what is named, leave the rest')).argument('<id>').action(set);
    sub('pause', 'tell nothing until it is resumed')
      .argument('<id>')
      .action((id, options) => change(id, { paused: true }, options));
    sub('resume', 'tell again')
      .argument('<id>')
      .action((id, options) => change(id, { paused: false }, options));
    sub('mute', 'tell no more of a storyline for thirty days')
      .argument('<id>')
      .argument('<storyline>')
      .action((id, storyline, options) => setMuted('PUT', id, storyline, options));
    sub('unmute', 'tell of it again')
      .argument('<id>')
      .argument('<storyline>')
      .action((id, storyline, options) => setMuted('DELETE', id, storyline, options));
    command.addHelpText(
      'after',
      '\nExample:\n  wirewatch subscribers set 1f2e3d4c5b6a --quiet 22:00-07:00 --critical-passes\n\n' +
        'A change holds from the next alert on. Addresses are read from SNS each time; Wirewatch stores none.',
    );
  },
};

async function list(options: Options): Promise<void> {
  const system = await openSystem(options);
  const { subscribers } = await system.api<{ subscribers: readonly ListedSubscriber[] }>('GET', '/api/subscribers');
  if (options.json) return printJson({ subscribers });
  if (subscribers.length === 0) return say('nobody yet; "wirewatch subscribe --help" shows how');
  printTable(
    ['id', 'channel', 'state', 'address', 'least', 'told', 'follows', 'and'],
    subscribers.map((one) => [
      one.id,
      one.channel,
      one.paused ? 'paused' : one.state,
      one.address ?? '–',
      one.leastPriority,
      deliveryWords(one.delivery),
      one.follow.includes('*') ? 'everything' : one.follow.join(' '),
      preferenceWords(one).join('; '),
    ]),
  );
}

async function set(id: string, options: Options & PreferenceOptions): Promise<void> {
  const body = preferencesBody(options);
  if (Object.keys(body).length === 0) {
    throw new PlainError('nothing to change; "wirewatch subscribers set --help" lists what can be', 2);
  }
  await change(id, body, options);
}

async function change(id: string, body: unknown, options: Options): Promise<void> {
  const system = await openSystem(options);
  show(await system.api<Changed>('PATCH', `/api/subscribers/${encodeURIComponent(id)}`, body), options);
}

async function setMuted(method: 'PUT' | 'DELETE', id: string, storyline: string, options: Options): Promise<void> {
  const system = await openSystem(options);
  const path = `/api/subscribers/${encodeURIComponent(id)}/mutes/${encodeURIComponent(storyline)}`;
  show(await system.api<Changed>(method, path), options);
}

function show(subscriber: Changed, options: Options): void {
  if (options.json) return printJson(subscriber);
  const { id, follow, leastPriority, delivery, paused } = subscriber;
  say(
    [
      `subscriber ${id} ${paused ? 'is paused' : `is told ${deliveryWords(delivery)}`}`,
      `of ${follow.includes('*') ? 'everything' : follow.join(', ')} from priority ${leastPriority}`,
      ...preferenceWords(subscriber),
    ].join('; '),
  );
}

/** What differs from what is told to anybody. */
function preferenceWords(one: Changed): readonly string[] {
  const { langs, states, quiet, timeZone, smsPerDay, smsUsdPerMonth, muted } = one;
  return [
    ...(langs.length > 0 ? [`in ${langs.join(' ')}`] : []),
    ...(states.length < 4 ? [`when ${states.join(' ')}`] : []),
    ...(quiet === null ? [] : [`quiet ${quietWords(quiet)}${quiet.criticalPasses ? ' but for critical' : ''}`]),
    timeZone,
    ...(smsPerDay === null ? [] : [`${smsPerDay} SMS a day`]),
    ...(smsUsdPerMonth === null ? [] : [`$${smsUsdPerMonth} a month`]),
    ...muted.map(({ storyline, until }) => `${storyline} muted until ${shortTime(until)}`),
  ];
}
