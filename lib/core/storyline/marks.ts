import { wordsIn } from './words-in.ts';

/** Words that turn a text into its opposite, or take back what was told: a title that has one is no copy of one without. */

/** Plain negation, by which "will meet" and "will not meet" differ. */
const negations = new Set(
  [
    'not no never none neither nor without cannot won don doesn didn isn wasn aren weren hasn haven hadn wouldn shouldn couldn fails failed refuses refused',
    'ne pas jamais aucun aucune sans non no nunca sin ningun ninguna tampoco nicht kein keine keinen nie ohne weder degil yok hayir olmadan',
    'не нет ни никогда без нельзя',
    'لا لم لن ليس ليست دون بدون غير نیست نه بدون هرگز نخواهد نمی نکرد נגד לא אין בלי ללא מעולם',
  ].flatMap(wordsIn),
);

/** Denials, corrections and withdrawals. */
const denials = new Set(
  [
    'deny denies denied denying denial refute refutes refuted rebut rebuts debunk debunks debunked retract retracts retracted retraction correct corrects corrected correction corrections clarifies clarification disavows disputes false untrue hoax fake withdraws withdrawn',
    'dement dementi dementent nie nient refute rectifie rectification rectificatif corrige retracte desmiente desmienten desmentido niega niegan nego rectifica rectificacion correccion corrige retracta dementiert dementi bestreitet bestritt leugnet berichtigung korrektur korrigiert widerruft weist zuruck yalanladi yalanlandi yalanliyor reddetti duzeltme tekzip',
    'опроверг опровергла опровергли опровергает опровержение отрицает отрицают отверг отвергла исправление уточнение поправка отозвал отозвали',
    'ينفي تنفي نفي نفت ينفون تكذب تكذيب تصحيح يتراجع تراجع سحب تکذیب رد انکار اصلاحیه تصحیح پس گرفت',
    'מכחיש מכחישה מכחישים הכחיש הכחישה הכחשה תיקון הבהרה חזר חוזר מתקן',
  ].flatMap(wordsIn),
);

/** Chinese has no spaces to find words by; titles arrive as pairs of characters. */
const chineseDenials = ['否认', '辟谣', '更正', '撤回', '驳斥', '澄清', '勘误'];
const chineseNegations = ['不会', '没有', '不是', '并非', '未能', '拒绝', '不再', '尚未'];

const chineseDenied = new Set(chineseDenials);
const chineseNegated = new Set(chineseNegations);

export function isDenial(word: string): boolean {
  return denials.has(word) || chineseDenied.has(word);
}

export function isNegation(word: string): boolean {
  return negations.has(word) || chineseNegated.has(word);
}
