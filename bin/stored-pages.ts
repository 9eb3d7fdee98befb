import type { ReplayStory, StoriesPage } from '../lib/pipeline/stored-stories.ts';
import { say, shortTime } from './output.ts';
import type { System } from './system.ts';

/** A reading that takes longer says how far it is, this often. */
const progressMs = 2_000;

/** A system's stored stories first seen between two times, oldest first, page by page. */
export async function* storedPages(
  system: System,
  since: string,
  until: string,
): AsyncGenerator<readonly ReplayStory[]> {
  let cursor: string | null = null;
  let read = 0;
  let told = Date.now();
  do {
    const query: URLSearchParams = new URLSearchParams({ since, until, ...(cursor === null ? {} : { cursor }) });
    const page: StoriesPage = await system.api<StoriesPage>('GET', `/api/stories?${query}`);
    yield page.stories;
    read += page.stories.length;
    if (Date.now() - told > progressMs) {
      say(`${read} stories read, up to ${shortTime(page.stories.at(-1)?.seen ?? null)}`);
      told = Date.now();
    }
    cursor = page.next;
  } while (cursor !== null);
}
