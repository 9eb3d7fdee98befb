import { stem } from './stem.ts';
import { wordsIn } from './words-in.ts';

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
  'add adds added aim aims allow allows allowed another around await awaits away become becomes begin begins behind below beyond both break breaks bring brings build builds built change changes changing close closes closed closer consider considers considering continue continues continued create creates decision despite different due each else enough even every everything explain explains explained face far few five four six ten follow follows following force forces forced four further future goal half hard hour hours huge hundred hundreds idea inside instead issue issues key kind large later latest learn least less likely line list little local lot main major matter mean means middle mind minute minutes miss moment morning much must name named names never night nothing number numbers offer often order ordered outside past pick picks place places point points possible present prove question questions quick quickly ready real reach reaches reason reasons receive remain remains remember return role same second send sends sent seven several share short side since single slow small something soon special stand stay stays step steps story stories strong stronger sure talk target targets team term test tests thousand thousands three together tomorrow tonight total toward towards true truth turn under until wait weak weaker weekend whether whole without wrong yesterday young',
];

/** Words of one desk: markets, courts, the box office, hospitals, phones. */
const ofADesk = [
  'deal deals market markets share shares stock stocks price prices pricing sale sales sell sells selling seller sold buy buys buyer buying bought bid bids bidder million billion trillion company companies firm firms business businesses ceo cfo chief boss executive executives head rise rises rising rose fall falls falling fell drop drops dropped gain gains jump jumps jumped surge surges soar soars soared slide slides slump slumps plunge plunges tumble tumbles dip dips climb climbs cut cuts cutting profit profits loss losses earnings revenue revenues results quarter quarterly forecast forecasts outlook estimate estimates growth grow grows growing economy economic economists bank banks banking banker bankers investor investors investment invest fund funds funding data rate rates interest inflation jobs job jobless unemployment hiring layoffs workers worker wages pay salary debt bond bonds credit loan loans tax taxes taxpayer budget spending cost costs money cash dollar dollars euro pound currency trade trading trader traders tariff tariffs export exports import imports oil gas energy record biggest largest group billionaire rich ipo merger takeover acquire acquires acquisition owner stake shareholders shareholder board chairman dividend analysts analyst rating upgrade downgrade consumer consumers customer customers retailer retailers retail store stores shop shops shopping brand industry sector lift lifts boost boosts beat beats lower higher raise raised raises launch supply demand production factory plant plants maker makers',
  'government minister ministers ministry president presidential prime court courts judge judges law laws lawmaker lawmakers lawyer lawyers lawsuit sue sues sued suing suit legal illegal case trial jury verdict guilty sentence sentenced prison jail jailed charge charges charged arrest arrested arrests suspect suspects crime criminal police officer officers official officials agency authorities investigation investigate investigators probe inquiry federal death deaths dead die dies died dying kill kills killed killing shot shooting shooter gun gunman attack attacks attacked bomb bombing blast explosion war peace troops army military forces soldiers strike strikes missile missiles weapons ceasefire talk talks summit leader leaders party vote votes voters voting election elections campaign candidate candidates bill senate senator congress house democrats democrat republican republicans gop mp mps public security crisis fight fights fighting fears fear concern concerns warn warns warned warning threat threatens threats risk risks home homes family families father mother son daughter husband wife kids kid child children boy girl baby school schools student students teacher life live lives living protest protests protesters rally march rights policy policies rule rules ruling order reform secretary spokesman department council mayor governor chancellor border immigration migrants refugees sanctions nuclear deal agreement treaty visit meeting meet meets met union statement speech interview poll polls support supports supporters opposition critics criticism blame blames blamed victim victims survivor survivors injured wounded missing search rescue rescued crash fire flood floods flooding storm storms weather rain snow earthquake disaster emergency damage toll',
  'love star stars film films movie movies music album albums song songs tv show series season episode episodes review reviews trailer fan fans finale premiere recap box office wins win winner winners winning won lose loses loss lost award awards wedding marriage married marry marries engaged engagement split divorce dating boyfriend girlfriend birthday actor actress singer celebrity celebrities cast director sequel stage theater theatre concert tour festival dance dress fashion model photo pic pics look style performance perform performs debut role hollywood disney netflix hbo game games match player players coach league cup final title champion club season goal score',
  'study studies health healthy drug drugs cancer patient patients doctor doctors nurse virus disease diseases risk researchers researcher scientists scientist science research medical medicine medicines treatment therapy vaccine vaccines hospital hospitals outbreak cases infection infections heart brain blood diet food foods eat eating weight obesity sleep smoking pregnancy pregnant birth mental care insurance fda cdc who',
  'app apps device devices phone phones smartphone smartphones tablet tablets laptop computer computers screen camera battery chip chips internet web website site sites online user users technology tech software hardware feature features version versions service services network networks mobile wireless digital data privacy hack hacked hackers hacker bug flaw password passwords account accounts email cloud ai robot robots video streaming console play download car cars vehicle vehicles electric driver drivers driving plane flight flights airline airlines airport pilot passengers passenger train trains space moon planet satellite launch',
  'support reject rejects rejected deny denies denied claim claims claimed accuse accused accuses join joins joined sign signs signed seek seeks urge urges urged push pushes pushed hold holds held slam slams blast blasts hope hopes pay pays paid offer offers offered stop stops stopped ban bans banned return returns back backs backed agree agrees agreed approve approves approved block blocks blocked delay delays delayed cancel cancelled cancels defend defends defended demand demands demanded face faces faced fail fails failed fix free gives quit quits resign resigns resigned step steps fire fires fired replace replaces appoint appoints appointed hire hires apologizes apologises apology sorry regret admits admit confirm confirms confirmed suggest suggests spark sparks draw draws drawn suffer suffers save saves saved threaten vow vows vowed promise promises pledge pledges praise praises mark marks celebrate celebrates honor honors mourn remember tribute surprise surprising shock shocking huge massive major historic amazing worst bad dangerous deadly fatal safe safety secret private personal national international global foreign local official special north south east west northern southern eastern western central capital street park hotel restaurant river island beach',
];

/** Those who are in the news every day, so that their name alone says little of what happened. */
const everyday = [
  'google apple iphone ipad microsoft facebook samsung amazon twitter tesla trump biden obama putin china chinese russia russian europe european britain british england london york washington california texas florida india israel iran ukraine france germany japan',
];

const silentWords: ReadonlySet<string> = new Set(silent.flatMap(wordsIn));

const weights: ReadonlyMap<string, number> = new Map([
  ...stems(ofADesk, 0.66),
  ...stems(everyday, 0.82),
  ...stems(frequent, 0.48),
]);

/** True for a word that names no story. Takes a folded word. */
export function isSilent(word: string): boolean {
  return silentWords.has(word);
}

/** How much a stem says before it is counted: 1 in full, less where it is known to be frequent. */
export function backgroundWeight(stem: string): number {
  return weights.get(stem) ?? 1;
}

function stems(lists: readonly string[], weight: number): readonly (readonly [string, number])[] {
  return lists.flatMap(wordsIn).map((word) => [stem(word), weight] as const);
}
