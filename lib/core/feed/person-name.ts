import { textOfMaybeHtml } from './plain-text.ts';

/**
 * The name in what feeds give as an author: `mail (Name)` as RSS asks for, `Name (mail)`, `Name <mail>`; the address
 * alone where there is no name.
 */
export function personName(text: string): string {
  const tagged = /<(?:\w{1,20}:)?name\b[^<>]{0,200}>([^<]{1,500})</i.exec(text)?.[1];
  const plain = textOfMaybeHtml(tagged ?? text).replace(/^mailto:/i, '');
  const bracket = /[(<[]/.exec(plain);
  if (bracket === null) return plain;
  const before = plain.slice(0, bracket.index).trim();
  const inside = plain
    .slice(bracket.index + 1)
    .replace(/[)>\]]\s*$/, '')
    .trim();
  if (isMail(inside) && before !== '') return unquoted(before);
  if (isMail(before) && inside !== '') return unquoted(inside);
  return before === '' && isMail(inside) ? inside : plain;
}

/** Names without repeats; addresses only where there is no name. */
export function distinctNames(names: readonly string[]): string[] {
  const distinct = [...new Set(names.filter((name) => name !== ''))];
  const named = distinct.filter((name) => !isMail(name));
  return named.length > 0 ? named : distinct;
}

function isMail(text: string): boolean {
  return /^(?:mailto:)?[^\s@]+@[^\s@]+$/i.test(text);
}

function unquoted(name: string): string {
  return name.replace(/^"(.*)"$/, '$1').trim();
}
