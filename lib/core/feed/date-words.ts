/** Month names as feeds spell them, by their beginnings; the marks of accents are already gone. Index 0 is January. */
const monthStems: readonly (readonly string[])[] = [
  ['jan', 'ene', 'gen', 'ian', 'sty', 'led', 'oca', 'янв', 'січ', 'ιαν', 'يناير', 'ژانويه', 'ینایر'],
  ['feb', 'fev', 'lut', 'uno', 'sub', 'фев', 'лют', 'φεβ', 'فبراير', 'فوريه', 'فوریه'],
  ['mar', 'maa', 'mrt', 'brez', 'мар', 'бер', 'μαρ', 'مارس'],
  ['apr', 'abr', 'avr', 'kwi', 'dub', 'nis', 'апр', 'кві', 'απρ', 'ابريل', 'آوريل', 'اوریل'],
  ['may', 'mai', 'mag', 'mei', 'maj', 'kve', 'май', 'мая', 'тра', 'μαι', 'μαϊ', 'مايو', 'مه'],
  ['jun', 'juin', 'giu', 'cze', 'cer', 'haz', 'июн', 'чер', 'ιουν', 'يونيو', 'ژوئن'],
  ['jul', 'juil', 'lug', 'lip', 'cervenec', 'tem', 'июл', 'лип', 'ιουλ', 'يوليو', 'ژوئيه', 'ژوئیه'],
  ['aug', 'ago', 'aou', 'sie', 'srp', 'agu', 'авг', 'сер', 'αυγ', 'اغسطس', 'اوت'],
  ['sep', 'set', 'wrz', 'zar', 'szept', 'eyl', 'сен', 'вер', 'σεπ', 'سبتمبر', 'سپتامبر'],
  ['oct', 'okt', 'ott', 'out', 'paz', 'rij', 'eki', 'окт', 'жов', 'οκτ', 'اكتوبر', 'اکتبر'],
  ['nov', 'lis', 'kas', 'ноя', 'лис', 'νοε', 'نوفمبر', 'نوامبر'],
  ['dec', 'dic', 'dez', 'des', 'gru', 'pro', 'ara', 'дек', 'гру', 'δεκ', 'ديسمبر', 'دسامبر'],
];

const stems = monthStems
  .flatMap((names, index) => names.map((name) => ({ stem: withoutMarks(name), month: index + 1 })))
  .sort((a, b) => b.stem.length - a.stem.length);

/** Nearly every date has one of these, and they are found without folding. */
const englishMonths = 'janfebmaraprmayjunjulaugsepoctnovdec';

/** 1 to 12 for a word that begins like the name of a month in one of some 25 languages. */
export function monthNamed(word: string): number | null {
  const english = englishMonths.indexOf(word.slice(0, 3).toLowerCase());
  if (english !== -1 && english % 3 === 0 && word.length >= 3) return english / 3 + 1;
  const bare = withoutMarks(word.toLowerCase());
  return stems.find(({ stem }) => bare.startsWith(stem))?.month ?? null;
}

export function withoutMarks(word: string): string {
  return word.normalize('NFKD').replace(/\p{M}/gu, '');
}

/**
 * Minutes east of Greenwich. RFC 822's own names, then those news sites use; where a name has several meanings the one
 * with most feeds (IST is India's, BST Britain's, CST and AST America's). Military letters are UTC (RFC 2822, 4.3).
 */
const zones: Readonly<Record<string, number>> = {
  ...{ z: 0, ut: 0, utc: 0, gmt: 0, wet: 0, egst: 0, west: 60, bst: 60, cet: 60, mez: 60, met: 60, wat: 60 },
  ...{ cest: 120, mesz: 120, mest: 120, eet: 120, sast: 120, cat: 120, eest: 180, idt: 180, msk: 180, trt: 180 },
  ...{ eat: 180, irst: 210, irdt: 270, msd: 240, gst: 240, amt: 240, azt: 240, aft: 270, pkt: 300 },
  ...{ uzt: 300, yekt: 300, tmt: 300, tjt: 300, ist: 330, npt: 345, almt: 360, qyzt: 300, kgt: 360, omst: 360 },
  ...{ mmt: 390, ict: 420, wib: 420, krat: 420, hkt: 480, sgt: 480, myt: 480, pht: 480, awst: 480, irkt: 480 },
  ...{ ulat: 480, wita: 480, jst: 540, kst: 540, wit: 540, yakt: 540, acst: 570, aest: 600, vlat: 600, acdt: 630 },
  ...{ aedt: 660, nzst: 720, nzt: 720, petst: 720, nzdt: 780, azot: -60, brst: -120, ndt: -150, brt: -180 },
  ...{ art: -180, clst: -180, uyt: -180, adt: -180, nst: -210, ast: -240, edt: -240, clt: -240, bot: -240 },
  ...{
    vet: -240,
    est: -300,
    et: -300,
    at: -240,
    ct: -360,
    mt: -420,
    cdt: -300,
    pet: -300,
    cot: -300,
    ect: -300,
    cst: -360,
    mdt: -360,
  },
  ...{ mst: -420, pdt: -420, pst: -480, pt: -480, akdt: -480, akst: -540, hst: -600, hdt: -540, sst: -660 },
};

export function zoneNamed(word: string): number | null {
  const name = word.toLowerCase();
  if (/^[a-y]$/.test(name)) return 0;
  return Object.hasOwn(zones, name) ? zones[name]! : null;
}
