const asked = new URLSearchParams(location.search);
const byId = (id) => document.getElementById(id);
byId('endpoint').textContent = asked.get('Endpoint') ?? '';
byId('topic').textContent = asked.get('TopicArn') ?? '';

// A button rather than the link itself: mail scanners open links.
byId('confirm').addEventListener('click', async () => {
  const answer = await fetch('/local/confirm', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ topicArn: asked.get('TopicArn'), token: asked.get('Token') }),
  });
  byId('state').textContent = answer.ok
    ? 'The subscription is confirmed.'
    : 'This confirmation is not valid, or its two days are over. Subscribe again for a new one.';
});
