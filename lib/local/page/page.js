// Every text from a feed goes into the page by textContent: it is never read as HTML.

const refreshMs = 3000;
const byId = (id) => document.getElementById(id);
let shownOutbox = '';
let shownMatches = '';

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className !== undefined) made.className = className;
  return made;
}

function time(iso) {
  const made = element('time', iso.replace('T', ' ').replace(/(:\d\d)(\.\d+)?Z$/, '$1 UTC'));
  made.dateTime = iso;
  return made;
}

function about(...parts) {
  const line = element('p', undefined, 'about');
  for (const [index, part] of parts.filter(Boolean).entries()) {
    if (index > 0) line.append(' · ');
    line.append(part);
  }
  return line;
}

function titleOf(match) {
  const title = element('p', undefined, 'title');
  // Only web addresses become links; a feed may say anything.
  if (/^https?:\/\//i.test(match.url ?? '')) {
    const link = element('a', match.title);
    link.href = match.url;
    link.rel = 'noreferrer noopener';
    title.append(link);
  } else title.textContent = match.title;
  title.dir = 'auto';
  return title;
}

function matchItem(match) {
  const item = element('li');
  const words = (match.words ?? match.evidence ?? []).map((each) => (typeof each === 'string' ? each : each.text));
  item.append(
    titleOf(match),
    about(match.outlet, time(match.published), [...match.events, ...match.entities].join(', ')),
    about(words.length > 0 ? `matched: ${[...new Set(words)].join(', ')}` : ''),
  );
  return item;
}

function messageItem(message) {
  const item = element('li');
  const details = element('details');
  details.append(element('summary', message.subject ?? message.body.split('\n')[0]), element('pre', message.body));
  details.dir = 'auto';
  item.append(details, about(`${message.channel} to ${message.to}`, message.kind, time(message.at)));
  return item;
}

function pendingItem(message) {
  const item = element('li');
  const button = element('button', 'Confirm');
  button.type = 'button';
  button.setAttribute('aria-label', `Confirm the subscription of ${message.to}`);
  const state = element('span', '');
  state.setAttribute('role', 'status');
  button.addEventListener('click', async () => {
    button.disabled = true;
    const answer = await fetch('/local/confirm', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ topicArn: message.topicArn, token: message.token }),
    });
    state.textContent = answer.ok ? ' confirmed' : ' this confirmation is no longer valid';
    if (answer.ok) await refresh();
  });
  item.append(about(`${message.channel} to ${message.to}`, time(message.at)), button, state);
  return item;
}

async function read(address) {
  const answer = await fetch(address, { headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return answer.json();
}

async function refreshOutbox() {
  const { messages } = await read('/outbox.json');
  const seen = JSON.stringify(messages);
  if (seen === shownOutbox) return;
  shownOutbox = seen;
  byId('outbox-state').textContent = messages.length === 0 ? 'Nothing yet.' : `${messages.length} newest first`;
  byId('outbox-list').replaceChildren(...messages.map(messageItem));
  const pending = messages.filter((message) => message.pending === true);
  byId('pending').hidden = pending.length === 0;
  byId('pending-list').replaceChildren(...pending.map(pendingItem));
}

async function refreshMatches() {
  const { matches } = await read('/api/matches?limit=50');
  const seen = JSON.stringify(matches);
  if (seen === shownMatches) return;
  shownMatches = seen;
  byId('matches-state').textContent = matches.length === 0 ? 'Nothing yet.' : `${matches.length} newest first`;
  byId('matches-list').replaceChildren(...matches.map(matchItem));
}

async function refresh() {
  for (const [id, work] of [
    ['outbox-state', refreshOutbox],
    ['matches-state', refreshMatches],
  ]) {
    await work().catch((error) => {
      byId(id).textContent = `Not available: ${error.message}`;
    });
  }
}

await refresh();
setInterval(() => {
  if (!document.hidden) void refresh();
}, refreshMs);
