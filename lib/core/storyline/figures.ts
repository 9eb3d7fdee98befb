import { wordsOf } from '../text/words-of.ts';
import type { Figure } from './open-storyline.ts';
import { wordsIn } from './words-in.ts';

/** How many words may stand between a number and what it counts. */
const reach = 4;
const longestText = 400;

/** What news counts and follows, with the words for it: a number beside one of them is a figure a story turns on. */
const counts: Readonly<Record<string, string>> = {
  dead: 'dead deaths death died dies die killed kills kill killing fatalities fatally toll morts mort tues tue deces muertos muertas muerto fallecidos tote toten todesopfer getotet tot olu oldu olduruldu погибли погиб погибших погибло убиты убито убит жертв умерли قتيل قتلى قتلي مقتل شهيد شهداء كشته کشته کشتهها جان باخته شهید הרוגים נהרגו נהרג מתים',
  hurt: 'injured wounded hurt injures wounds injuries blesses blesse heridos heridas herido verletzte verletzten verletzt yarali yaralandi ранены ранено пострадали пострадавших раненых جريح جرحى جرحي اصابة مصاب مصابا زخمی مجروح פצועים נפצעו',
  missing:
    'missing unaccounted disparus disparu desaparecidos desaparecido vermisst vermisste kayip пропали пропавших مفقود مفقودا مفقودين ناپدید مفقودالاثر נעדרים נעדר',
  held: 'hostages hostage arrested arrests detained otages arretes rehenes detenidos geiseln festgenommen rehine gozalti заложников задержаны задержано رهينة معتقل معتقلا گروگان بازداشت חטופים נעצרו',
  cases:
    'cases infected infections infectes contagios infectados infizierte vaka заболевших зараженных اصابات مبتلا נדבקים',
  displaced:
    'displaced evacuated evacuees deplaces evacues desplazados evacuados evakuiert tahliye эвакуированы эвакуировано نازح نازحا اواره מפונים',
};
const countedBy = new Map<string, string>();
for (const [of, words] of Object.entries(counts)) for (const word of wordsIn(words)) countedBy.set(word, of);

const chinese: readonly (readonly [RegExp, string])[] = [
  [/(\d[\d,]*)\s*(?:多|余)?[人名]{0,2}(?:死亡|遇难|丧生|身亡|死)/g, 'dead'],
  [
    /(?:死亡|遇难|死难)(?:人数)?(?:升至|增至|达到|达|为|至)?\s*(\d[\d,]*)(?![\d,]*\s*(?:多|余)?[人名]{0,2}(?:受|伤|失))/g,
    'dead',
  ],
  [/(\d[\d,]*)\s*(?:多|余)?[人名]{0,2}(?:受伤|伤)/g, 'hurt'],
  [/(\d[\d,]*)\s*(?:多|余)?[人名]{0,2}(?:失踪|失联)/g, 'missing'],
];

const chineseCounted = /[死亡难丧伤失踪]/;

const spelled: Readonly<Record<string, number>> = {
  ...{
    one: 1,
    two: 2,
    three: 3,
    four: 4,
    five: 5,
    six: 6,
    seven: 7,
    eight: 8,
    nine: 9,
    ten: 10,
    eleven: 11,
    twelve: 12,
  },
  ...{
    deux: 2,
    trois: 3,
    quatre: 4,
    cinq: 5,
    sept: 7,
    huit: 8,
    neuf: 9,
    dix: 10,
    dos: 2,
    tres: 3,
    cuatro: 4,
    cinco: 5,
  },
  ...{
    seis: 6,
    siete: 7,
    ocho: 8,
    nueve: 9,
    diez: 10,
    zwei: 2,
    drei: 3,
    vier: 4,
    funf: 5,
    sechs: 6,
    sieben: 7,
    acht: 8,
  },
  ...{
    neun: 9,
    zehn: 10,
    iki: 2,
    uc: 3,
    dort: 4,
    bes: 5,
    alti: 6,
    yedi: 7,
    sekiz: 8,
    dokuz: 9,
    два: 2,
    две: 2,
    трое: 3,
  },
  ...{ три: 3, четыре: 4, пять: 5, шесть: 6, семь: 7, восемь: 8, девять: 9, десять: 10, دو: 2, سه: 3, چهار: 4, پنج: 5 },
  ...{
    ثلاثة: 3,
    اربعة: 4,
    خمسة: 5,
    ستة: 6,
    سبعة: 7,
    ثمانية: 8,
    تسعة: 9,
    عشرة: 10,
    שני: 2,
    שלושה: 3,
    ארבעה: 4,
    חמישה: 5,
  },
};
const numberWords: ReadonlyMap<string, number> = new Map(
  Object.entries(spelled).flatMap(([word, value]) => wordsIn(word).map((folded) => [folded, value] as const)),
);

/** The figures of a text: of each thing that is counted the highest number beside it. "5 dead, 12 hurt" gives two. */
export function figuresOf(text: string): readonly Figure[] {
  const start = text.slice(0, longestText).toWellFormed();
  const highest = new Map<string, number>();
  const note = (of: string, value: number) => highest.set(of, Math.max(value, highest.get(of) ?? 0));
  const tokens = wordsOf(start);
  const numbers = tokens.map((_, i) => numberAt(start, tokens, i));
  tokens.forEach(({ word }, i) => {
    const of = countedBy.get(word);
    const value = of === undefined ? null : nearestNumber(tokens, numbers, i);
    if (of !== undefined && value !== null) note(of, value);
  });
  for (const [pattern, of] of chinese) {
    for (const found of start.matchAll(pattern)) note(of, Number(found[1]!.replaceAll(',', '')));
  }
  return [...highest].map(([of, value]) => ({ of, value }));
}

/** Whether folded words may hold a figure: cheaper to ask than to read it. */
export function mayHoldFigures(words: readonly string[]): boolean {
  return words.some((word) => countedBy.has(word) || chineseCounted.test(word));
}

type Token = ReturnType<typeof wordsOf>[number];

/** The number that begins at a token, or null: "1,400" is one number, a year and a percentage are none that is counted. */
function numberAt(text: string, tokens: readonly Token[], i: number): number | null {
  const { word, start, end } = tokens[i]!;
  if (!/^\d{1,9}$/.test(word)) return numberWords.get(word) ?? null;
  const before = text[start - 1] ?? '';
  if ((before === ',' || before === '.') && /\d/.test(text[start - 2] ?? '')) return null;
  if (/[$£€¥-]/.test(before) || /^\s?%/.test(text.slice(end, end + 2))) return null;
  let digits = word;
  for (let j = i + 1; j < tokens.length && /^\d{3}$/.test(tokens[j]!.word); j++) {
    if (tokens[j]!.start !== tokens[j - 1]!.end + 1 || text[tokens[j]!.start - 1] !== ',') break;
    digits += tokens[j]!.word;
  }
  const value = Number(digits);
  return digits === word && value >= 1900 && value <= 2100 ? null : value;
}

/** Before what is counted rather than after it, and no other counted thing in between. */
function nearestNumber(tokens: readonly Token[], numbers: readonly (number | null)[], at: number): number | null {
  for (let distance = 1; distance <= reach; distance++) {
    for (const i of [at - distance, at + distance]) {
      const value = numbers[i] ?? null;
      if (value === null) continue;
      const between = tokens.slice(Math.min(i, at) + 1, Math.max(i, at));
      const isOfAnother = between.some(
        ({ word }) => countedBy.has(word) && countedBy.get(word) !== countedBy.get(tokens[at]!.word),
      );
      if (!isOfAnother) return value;
    }
  }
  return null;
}
