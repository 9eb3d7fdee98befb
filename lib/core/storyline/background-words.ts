import { stem } from './stem.ts';

/**
 * What a word says about which story a title tells, before anything is counted: nothing, little, or (any word that is
 * not here) as much as its rarity among the open storylines says. The lists are short on purpose: counting finds the
 * rest, and a name must never stand in them.
 */

/** Words of grammar and of the newsroom ("update", "watch"), which name no story. */
const silent = [
  // English
  'a about after all also an and any are as at be been before being but by can could did do does during for from get gets getting goes going got had has have having he her here him his how i if in into is isn it its itself just like many may me might more most much my near no nor not of off on once one only or other our out over own per said say says saying she should so some still such than that the their them then there these they this those through to too up us very was wasn we were what when where which while who whom whose why will with without won would you your amid against via vs yes ever really don doesn didn t s re ve ll d',
  'live update updates watch video videos photo photos breaking exclusive refile advisory analysis opinion percent pct',
  // French, Spanish, German, Turkish: what is no word of English as well
  'le les une et du dans sur au aux cette qui que ne pas avec sont il elle ils mais ou vous el los las uno y del por para se su sus lo pero der das ein eine und ist den dem von zu mit auf im nicht sich auch werden hat dass nach bei wie ve bir bu da de icin ile olarak cok daha en gibi',
  // Russian
  'и в не на что с по это как его к но они мы из у за от же бы о об он она для так до при со во над под',
  // Persian, Arabic, Hebrew
  'و در به از که این را با است برای ان یک تا بر خود می شد هم ها في من على الي ان عن مع هذا التي الذي ما لا كان قد هو هي بعد كل של את על לא עם זה הוא היא כי אם גם או כל אל מה',
];

/** Words that a good part of all titles share. */
const frequent = [
  'new first last year years day days week weeks month months today time times know known need needs make makes made take takes taking come comes coming back way ways best better big bigger thing things look looks good great see seen want wants show shows shown set sets give gives call calls called tell tells told find finds found full final report reports reported reportedly news people world state states uk american america man woman men women city house keep keeps put puts turn turns let lets try run runs hit hits move moves high low top early late long next old right left start starts open opens opening end ends part plan plans planned help helps work works working use used using face faces facing ask asks announce announces announced announcement reveal reveals revealed release releases released launch launches launched expect expected expects lead leads leading now two down',
];

/** Words of one desk: markets, courts, the box office, hospitals, phones. */
const ofADesk = [
  'deal deals market markets share shares stock stocks price prices sale sales sell sells buy buys bid million billion trillion company companies firm firms business ceo chief boss executive head rise rises rising fall falls fell rose drop drops dropped gain gains jump jumps surge slide slides cut cuts cutting profit profits earnings revenue results quarter quarterly growth grow economy economic bank banks investor investors fund data rate rates record biggest largest group',
  'government minister president court judge law case police official officials death dead dies die killed kill attack attacks war talks talk leader leaders party vote votes election campaign bill senate congress public security crisis fight fears fear concern concerns warn warns warning threat threatens risk risks home family children kids child school life trump',
  'love star stars film movie movies music album song tv series season episode review trailer fans finale box office wins win winner won lose loses lost award awards wedding baby birthday actor actress singer celebrity',
  'study health drug drugs cancer patients patient doctors virus disease researchers scientists science research medical hospital outbreak cases',
  'app apps device devices phone phones smartphone google apple microsoft facebook samsung amazon twitter internet web online users user technology tech game games software',
  'support supports reject rejects deny denies claim claims accuse accused accuses join joins sign signs seek seeks urge urges push pushes raise raises hold holds meet meets meeting visit slam slams hope hopes pay pays paid offer offers stop stops ban bans ready return returns',
];

const silentWords: ReadonlySet<string> = new Set(silent.flatMap((list) => list.split(' ')));

const weights: ReadonlyMap<string, number> = new Map([...stems(ofADesk, 0.55), ...stems(frequent, 0.35)]);

/** True for a word that names no story. Takes a folded word. */
export function isSilent(word: string): boolean {
  return silentWords.has(word);
}

/** How much a stem says before it is counted: 1 in full, less where it is known to be frequent. */
export function backgroundWeight(stem: string): number {
  return weights.get(stem) ?? 1;
}

function stems(lists: readonly string[], weight: number): readonly (readonly [string, number])[] {
  return lists.flatMap((list) => list.split(' ')).map((word) => [stem(word), weight] as const);
}
