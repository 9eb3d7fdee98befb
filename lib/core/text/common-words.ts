/** Words that stand in a good part of all stories: as an alias they would match nearly anything. */
const common = {
  en: 'a about after all also an and are as at back be because been before being between but by can could day did do even first for from get go good had has have he her here him his how i if in into is it its just like made make man many may me more most much must my new no not now of off old on one only or other our out over own people said same say says see she should so some state such take than that the their them then there these they thing this those time to two under up us use very was way we well were what when where which while who will with work would year years you your world news war president minister government country city police',
  fr: 'le la les un une des et est en dans pour par sur au aux ce cette qui que ne pas plus avec son sa ses il elle ils mais ou nous vous',
  es: 'el la los las un una y es en de del que por para con se no su sus al lo como pero o',
  de: 'der die das ein eine und ist in den von zu mit auf für im dem nicht sich des als auch es an werden aus er hat dass sie nach bei',
  ru: 'и в не на что с по это как его к но они мы из у за от же бы он она для так',
  fa: 'و در به از که این را با است برای آن یک تا بر خود می شد هم ها',
  ar: 'في من على إلى أن عن مع هذا التي الذي ما لا كان قد هو هي بعد كل',
  he: 'של את על לא עם זה הוא היא כי אם גם או כל אל מה',
  tr: 've bir bu da de için ile olarak çok daha en ne ama gibi o',
} as const;

/** Names that are also something else: another place, a city beside a government, a word, an orchestra. */
const doubtful =
  'turkey jordan georgia chad mali guinea lebanon cuba polish march may will bush rice amazon apple paris washington beijing moscow tehran delhi london berlin kyiv ankara minsk astana islamabad tashkent dushanbe bishkek brussels jerusalem riyadh doha tokyo seoul pyongyang damascus baghdad cairo sco nato who us eu un aid sun mirror independent guardian times post';

const commonWords = new Set(Object.values(common).flatMap((words) => words.split(' ')));
const doubtfulNames = new Set(doubtful.split(' '));

export function isCommonWord(word: string): boolean {
  return commonWords.has(word.toLowerCase());
}

export function isDoubtfulName(word: string): boolean {
  return doubtfulNames.has(word.toLowerCase());
}
