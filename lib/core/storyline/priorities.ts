import type { Priority } from '../watchlist/matched.ts';

const order: readonly Priority[] = ['low', 'normal', 'high', 'critical'];

export function higherPriority(a: Priority, b: Priority): Priority {
  return isHigher(b, a) ? b : a;
}

export function isHigher(a: Priority, than: Priority): boolean {
  return order.indexOf(a) > order.indexOf(than);
}
