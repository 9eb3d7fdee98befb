/** Five words that stand in no other title, for n below 1,000: each story is a development of its own, however stories are grouped. */
export function development(n: number): string {
  const syllables = ['ba', 'cre', 'dil', 'fon', 'gur', 'hask', 'jem', 'kol', 'lun', 'mir'];
  const places = [Math.floor(n / 100) % 10, Math.floor(n / 10) % 10, n % 10].map((digit) => syllables[digit]);
  return ['ta', 'vo', 'pri', 'ze', 'wu'].map((first) => `${first}${places.join('')}`).join(' ');
}
