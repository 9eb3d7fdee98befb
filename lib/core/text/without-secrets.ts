/** An error may quote a whole document; no more than this of it is looked at or kept. */
const mostCharacters = 4_000;

/**
 * Words of an error as a log may hold them: without e-mail addresses and phone numbers, which others' errors quote, and
 * without what stands behind the path of a link or before its host, where publishers and SNS put tokens.
 */
export function withoutSecrets(text: string): string {
  return text
    .slice(0, mostCharacters)
    .toWellFormed()
    .replace(/\b(https?:\/\/)[^\s"'<>/@]+@/gi, '$1…@')
    .replace(/\b(https?:\/\/[^\s"'<>?#]*)[?#][^\s"'<>]*/gi, '$1?…')
    .replace(/\/r\/[\w.~-]{16,}/g, '/r/…')
    .replace(/[^\s"'<>,;:()[\]…]+@[^\s"'<>,;:()[\]@]+\.\p{L}{2,}/gu, '(an address)')
    .replace(/\+\d[\d ().-]{5,20}\d/g, '(a number)');
}
