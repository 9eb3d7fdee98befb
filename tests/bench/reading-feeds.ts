/** Feeds of any size made of sentences of our own: RSS with modules and HTML, as news sites write it. */
export function benchFeed(stories: number, wordsEach: number): string {
  const items = Array.from({ length: stories }, (_, index) => item(index, wordsEach));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"',
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">',
    '<channel><title>Harbour Post</title><link>https://harbour.example/</link>',
    '<description>News of the harbour</description><language>en-gb</language><ttl>15</ttl>',
    ...items,
    '</channel></rss>',
  ].join('\n');
}

const words = (
  'the crane at quay four lifted a hull of steel while officials from both ports met to sign an accord on dredging ' +
  'storms delayed the ferry again and traders said prices of grain may rise before winter'
).split(' ');

function sentence(seed: number, length: number): string {
  return Array.from({ length }, (_, index) => words[(seed * 7 + index * 5) % words.length]).join(' ');
}

function item(index: number, wordsEach: number): string {
  const date = new Date(Date.UTC(2025, 5, 1) + index * 61_000).toUTCString();
  const paragraphs = Array.from({ length: Math.ceil(wordsEach / 40) }, (_, at) => sentence(index + at, 40));
  const html = paragraphs
    .map((text) => `<p>${text} &amp; <a href="https://harbour.example/more">more</a>.</p>`)
    .join('');
  return [
    '<item>',
    `<title>${sentence(index, 9)} &amp; more &#8212; ${index}</title>`,
    `<link>https://harbour.example/news/${index}?utm_source=rss</link>`,
    `<guid isPermaLink="false">story-${index}</guid>`,
    `<pubDate>${date}</pubDate>`,
    `<dc:creator>Ann Quay</dc:creator><category>Port</category><category><![CDATA[Trade]]></category>`,
    `<description>&lt;p&gt;${sentence(index, 25)}&lt;/p&gt;</description>`,
    wordsEach === 0 ? '' : `<content:encoded><![CDATA[${html}]]></content:encoded>`,
    `<media:content url="https://harbour.example/${index}.jpg" medium="image" width="1200" height="800"/>`,
    '</item>',
  ].join('\n');
}
