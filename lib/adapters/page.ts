import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Hono } from 'hono';

/** Where a reader of the page signs in: Cognito's own pages, at `domain`, an origin. */
export type PageSignIn = { readonly issuer: string; readonly clientId: string; readonly domain: string };

type PageFile = {
  readonly type: string;
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly gzip: Uint8Array<ArrayBuffer>;
  readonly etag: string;
};

export type Page = { readonly shell: PageFile; readonly files: ReadonlyMap<string, PageFile> };

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads what web/build.ts wrote. */
export function readPage(folder: string): Page {
  const names = readdirSync(join(folder, 'web'));
  return {
    shell: readPageFile(join(folder, 'index.html')),
    files: new Map(names.map((name) => [name, readPageFile(join(folder, 'web', name))])),
  };
}

function readPageFile(path: string): PageFile {
  const plain = new Uint8Array(readFileSync(path));
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  const type = types[extname(path)] ?? 'application/octet-stream';
  return { type, plain, gzip: new Uint8Array(gzipSync(plain, { level: 9 })), etag };
}

/** The page's shell, its files and where to sign in: the same for everybody, and without data. */
export function addPage(app: Hono, open: () => Page, signIn: PageSignIn | null): void {
  const headers = pageHeaders(signIn);
  app.get('/', (context) => {
    const { shell } = open();
    const fresh = { ...headers, 'cache-control': 'no-cache', etag: shell.etag };
    if (context.req.header('if-none-match') === shell.etag) return new Response(null, { status: 304, headers: fresh });
    return answer(shell, fresh, context.req.header('accept-encoding'));
  });
  app.get('/web/:file', (context) => {
    const file = open().files.get(context.req.param('file'));
    if (file === undefined) return context.notFound();
    // Its name changes with its content.
    const kept = { ...headers, 'cache-control': 'public, max-age=31536000, immutable' };
    return answer(file, kept, context.req.header('accept-encoding'));
  });
  app.get('/config.json', (context) => context.json({ signIn, outbox: false }, 200, headers));
}

function answer(file: PageFile, headers: Readonly<Record<string, string>>, accepts = ''): Response {
  const zips = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(accepts);
  return new Response(zips ? file.gzip : file.plain, {
    headers: {
      ...headers,
      'content-type': file.type,
      vary: 'accept-encoding',
      ...(zips && { 'content-encoding': 'gzip' }),
    },
  });
}

/**
 * Nothing runs, loads or is sent but what is our own, with Cognito's token endpoint as the one exception. Trusted types
 * make the browser refuse text as HTML, wherever it comes from.
 */
export function pageHeaders(signIn: PageSignIn | null): Readonly<Record<string, string>> {
  const csp = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self'${signIn === null ? '' : ` ${signIn.domain}`}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return {
    'content-security-policy': csp.join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'strict-transport-security': 'max-age=31536000',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  };
}
