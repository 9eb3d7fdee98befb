import { seeded } from '../newsroom-feeds.ts';

/** One story in so many is about something the shipped watchlist follows. An assumption: a beat, not the world. */
const watchedOneIn = 20;
const contentOneIn = 4;

const plain =
  'council museum harvest festival railway bridge school hospital teacher river garden village winter concert painter bakery tunnel library student market house price weather rain storm coach player season match league ticket airline hotel island mountain forest farmer wheat coffee museum theatre actor singer album novel prize court judge appeal budget tax pension union strike bus driver cyclist road street mayor election candidate poll vote debate minister reform bill committee inquiry report survey study scientist virus vaccine patient doctor nurse'.split(
    ' ',
  );
const verbs =
  'opens closes wins loses plans delays reviews rejects approves studies repairs sells buys moves cuts raises'.split(
    ' ',
  );
const watched = [
  ['Iran and Israel', 'ceasefire'],
  ['Iran', 'nuclear sites'],
  ['NATO', 'spending pledge'],
  ['Shanghai Cooperation Organisation', 'defence ministers'],
  ['China', 'Qingdao talks'],
  ['Israel', 'air defence'],
  ['Tehran', 'uranium enrichment'],
  ['Trump', 'Iran strikes'],
] as const;
const places =
  'Geneva Vienna Muscat Doha Ankara Baku Astana Minsk Delhi Islamabad Brussels London Paris Rome Cairo Riyadh'.split(
    ' ',
  );

export type StoryText = { readonly title: string; readonly summary: string; readonly content: string | null };

/** The same words for the same feed and time, whenever they are asked for. */
export function storyText(feed: number, time: number): StoryText {
  const random = seeded((time / 1_000 + feed * 7_919) | 0);
  const pick = <Item>(list: readonly Item[]): Item => list[Math.floor(random() * list.length)] as Item;
  const words = (count: number) => Array.from({ length: count }, () => pick(plain)).join(' ');
  const content = random() < 1 / contentOneIn ? `${words(300)}.` : null;
  const number = 2 + Math.floor(random() * 900);
  if (random() >= 1 / watchedOneIn) {
    return { title: `${capital(words(1))} ${pick(verbs)} ${words(4)} ${number}`, summary: `${words(35)}.`, content };
  }
  const [who, what] = pick(watched);
  return {
    title: `${who} ${pick(verbs)} ${what} ${pick(plain)} in ${pick(places)}, ${number} ${pick(plain)}`,
    summary: `${who}: ${words(20)} ${what} ${words(10)}.`,
    content,
  };
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
