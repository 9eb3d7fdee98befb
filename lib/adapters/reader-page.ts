import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';

/** A piece of HTML in which every value is escaped. */
export type Markup = ReturnType<typeof html>;

const style = `
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 38rem; padding: 1rem; overflow-wrap: anywhere; }
fieldset { border: 1px solid #8886; margin: 0 0 1rem; padding: .5rem 1rem 1rem; }
legend { font-weight: 600; }
label { display: block; margin: .25rem 0; }
.hint { margin: .25rem 0; opacity: .8; }
.wrong { border-inline-start: .3rem solid #c33; padding-inline-start: .8rem; }
.done { border-inline-start: .3rem solid #2a2; padding-inline-start: .8rem; }
blockquote { margin: 1rem 0; font-weight: 600; }
input, select, button { font: inherit; padding: .3rem .5rem; max-width: 100%; }
button { padding: .4rem 1rem; margin: .25rem .5rem .25rem 0; }
input[type=checkbox] { margin-inline-end: .5rem; }
:focus-visible { outline: 3px solid #48f; outline-offset: 2px; }
`;

/**
 * For a page whose address is a secret: nothing from elsewhere, no script, no frame, no index, no copy. The referrer stays
 * within, and is not left out whole, for then browsers send a form with the origin `null`.
 */
export const readerPageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'interest-cohort=()',
  'referrer-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow, noarchive',
};

/** A whole page. */
export function readerPage(title: string, content: Markup): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow, noarchive">
<title>${title} – Wirewatch</title>
<style>${raw(style)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`;
}

/** A form with one button, which posts to the page's own address. */
export function buttonForm(wish: string, words: string, hidden: Readonly<Record<string, string>> = {}): Markup {
  const fields = Object.entries({ do: wish, ...hidden });
  return html`<form method="post">${fields.map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}<button>${words}</button></form>`;
}

/** What was done, read out at once by a screen reader. */
export function done(sentence: string): Markup {
  return html`<p class="done" role="status">${sentence}</p>`;
}
