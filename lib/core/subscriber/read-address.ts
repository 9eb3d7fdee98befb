import { quoted, type Read, refuse } from './refusal.ts';
import type { Channel } from './subscriber.ts';

/** An address as SNS takes it for the channel, or why it is none and what to write. */
export function readAddress(channel: Channel, text: string): Read<string> {
  const address = text.trim();
  if (channel === 'email') return readEmail(address);
  return channel === 'sms' ? readNumber(address) : readHttps(address);
}

function readEmail(address: string): Read<string> {
  const [name = '', domain = '', ...more] = address.split('@');
  const isAtoms =
    /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/.test(name) && name.length <= 64;
  const isDomain = /^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]$/.test(
    domain,
  );
  if (more.length === 0 && isAtoms && isDomain && address.length <= 254) return { value: address };
  const ascii = more.length === 0 && isAtoms ? asciiDomain(domain) : null;
  const remedy =
    ascii === null ? 'write one like name@example.org' : `SNS takes plain letters alone: write ${name}@${ascii}`;
  return refuse('address', `${quoted(address)} is not an e-mail address; ${remedy}`);
}

/** `münchen.example` as the mail system knows it, `xn--mnchen-3ya.example`. */
function asciiDomain(domain: string): string | null {
  if (/^[\p{ASCII}]*$/u.test(domain) || /[\s/?#:@\\]/.test(domain) || !URL.canParse(`https://${domain}`)) return null;
  return new URL(`https://${domain}`).hostname;
}

/** E.164: a plus sign, the country code, at most fifteen digits. */
function readNumber(address: string): Read<string> {
  const isNumber = (text: string) => /^\+[1-9]\d{6,14}$/.test(text);
  if (isNumber(address)) return { value: address };
  const digits = address.replace(/[\s().\-/]/g, '').replace(/^00/, '+');
  const candidate = isNumber(digits) ? digits : null;
  const remedy = candidate === null ? 'write one like +4915112345678, with its country code' : `write ${candidate}`;
  return refuse('address', `${quoted(address)} is not a phone number in E.164 form; ${remedy}`);
}

function readHttps(address: string): Read<string> {
  const why = whyNotHttps(address);
  if (why === null) return { value: address };
  return refuse('address', `${quoted(address)} is not an https address that SNS can reach: ${why}`);
}

function whyNotHttps(address: string): string | null {
  if (!URL.canParse(address)) return 'write one like https://example.org/alerts';
  const { protocol, hostname } = new URL(address);
  if (protocol === 'http:')
    return `what it carries could be read on the way; write ${address.replace(/^http:/i, 'https:')}`;
  if (protocol !== 'https:') return 'write one like https://example.org/alerts';
  if (!hostname.includes('.') || hostname.endsWith('.local') || hostname === '127.0.0.1') {
    return 'the host is on no public network; write one that is';
  }
  return address.length > 2_000 ? 'it has more than 2000 characters' : null;
}
