/**
 * The alphabet of 3GPP TS 23.038 written down once more, as the code points at positions 0x00 to 0x7F, so that the counter
 * of the tests shares nothing with the one it checks. 0x1B is the escape to the extension.
 */
const positions = [
  0x40,
  0xa3,
  0x24,
  0xa5,
  0xe8,
  0xe9,
  0xf9,
  0xec,
  0xf2,
  0xc7,
  0x0a,
  0xd8,
  0xf8,
  0x0d,
  0xc5,
  0xe5,
  0x394,
  0x5f,
  0x3a6,
  0x393,
  0x39b,
  0x3a9,
  0x3a0,
  0x3a8,
  0x3a3,
  0x398,
  0x39e,
  -1,
  0xc6,
  0xe6,
  0xdf,
  0xc9,
  0x20,
  0x21,
  0x22,
  0x23,
  0xa4,
  ...range(0x25, 0x3f),
  0xa1,
  ...range(0x41, 0x5a),
  0xc4,
  0xd6,
  0xd1,
  0xdc,
  0xa7,
  0xbf,
  ...range(0x61, 0x7a),
  0xe4,
  0xf6,
  0xf1,
  0xfc,
  0xe0,
];
const escaped = [0x0c, 0x5e, 0x7b, 0x7d, 0x5c, 0x5b, 0x7e, 0x5d, 0x7c, 0x20ac];

export const alphabetSize = positions.length;

/** Septets of a text; throws at a character that GSM-7 does not have. */
export function countSeptets(text: string): number {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? -2;
    if (positions.includes(code)) return 1;
    if (escaped.includes(code)) return 2;
    throw new Error(`not in GSM-7: U+${code.toString(16)} in ${JSON.stringify(text)}`);
  }).reduce((sum, size) => sum + size, 0);
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
