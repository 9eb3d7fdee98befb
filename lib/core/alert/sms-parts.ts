import { septetsIn } from './gsm7.ts';

/** What SNS puts before a text from a topic: ten characters of its display name, and `> `. */
export const smsPrefix = 12;

/**
 * How many messages the phone network makes of a text, each of them paid for. One character outside GSM-7 has the whole
 * sent as UCS-2. Parts of a longer text lose room to the header that joins them (3GPP TS 23.040, section 9.2.3.24.1):
 * 153 of 160 septets, 67 of 70 units.
 */
export function smsParts(text: string): { readonly alphabet: 'GSM-7' | 'UCS-2'; readonly parts: number } {
  const septets = septetsIn(text);
  if (septets !== null) return { alphabet: 'GSM-7', parts: partsOf(septets + smsPrefix, 160, 153) };
  return { alphabet: 'UCS-2', parts: partsOf(text.length + smsPrefix, 70, 67) };
}

function partsOf(units: number, alone: number, joined: number): number {
  return units <= alone ? 1 : Math.ceil(units / joined);
}
