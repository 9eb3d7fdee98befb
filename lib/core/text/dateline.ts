// "BEIJING, June 26 (Xinhua) —", "МОСКВА, 25 июн - РИА Новости.", "تهران - ایرنا -"
const spaced =
  /^\s*(?:\p{L}[\p{L}.'’-]*\s?){1,4}(?:[,،،.]\s?[^()—–\n]{1,24}?)?\s?(?:\([^)\n]{2,40}\)\s?(?:—|–|-{1,2}|:)|(?:—|–|--)\s|\s-\s)/u;
// "新华社北京6月25日电", "北京6月25日电", "(新华社北京6月26日电)"
const han =
  /^\s*[（(【]?(?:[\p{Script=Han}]{2,6}社?|[\p{Script=Han}]{0,4})[\p{Script=Han}]{2,4}\d{1,2}月\d{1,2}日[电電讯訊]?[）)】]?/u;
const longest = 120;

/** How many UTF-16 units the dateline at the head of a text takes, or 0. */
export function datelineLength(text: string): number {
  const head = text.slice(0, longest);
  const byDate = han.exec(head);
  if (byDate !== null) return byDate[0].length;
  const found = spaced.exec(head);
  if (found === null) return 0;
  const [line] = found;
  const place = /^\s*([\p{L}.'’ -]+)/u.exec(line)?.[1] ?? '';
  // A dash alone makes no dateline: the place must be in capitals, or an agency or a date must stand with it.
  const isCapitals = place === place.toUpperCase() && place !== place.toLowerCase();
  return isCapitals || /[(\d]/.test(line) ? line.length : 0;
}
