import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Quiet: it does nothing but what the test asks for. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Opens the machine's Chromium; BROWSER_PATH names another. Throws a sentence where there is none. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: browserPath(process.env), args: quiet });
}

export function browserPath(env: Readonly<Record<string, string | undefined>>): string {
  if (env.BROWSER_PATH) return env.BROWSER_PATH;
  const found = (env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(
    `The page is tested in Chromium and none is on the PATH (${names.join(', ')}): run "apt-get install chromium", or set BROWSER_PATH to one.`,
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
