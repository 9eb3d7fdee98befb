/** A request that SNS refuses, as its query API says it. */
export class SnsRefusal extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

const invalid = (message: string) => new SnsRefusal('InvalidParameter', `Invalid parameter: ${message}`);

const longestSubject = 99;
const longestMessageBytes = 256 * 1024;
const attributeNames = [
  'DisplayName',
  'KmsMasterKeyId',
  'Policy',
  'DeliveryPolicy',
  'TracingConfig',
  'SignatureVersion',
];

/** Under 100 characters, no line breaks or control characters, never empty. Absent is fine. */
export function checkSubject(subject: string | undefined): void {
  if (subject === undefined) return;
  if (subject.trim() === '') throw invalid('Subject Reason: it is empty');
  if ([...subject].length > longestSubject)
    throw invalid(`Subject Reason: ${[...subject].length} characters, under 100 wanted`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(subject)) {
    throw invalid('Subject Reason: it has a line break or control character');
  }
}

/** `attributes`: what the message attributes weigh together, in bytes. */
export function checkMessage(message: string | undefined, attributeBytes: number): asserts message is string {
  if (message === undefined || message === '') throw invalid('Empty message');
  if (Buffer.byteLength(message) + attributeBytes > longestMessageBytes) throw invalid('Message too long');
}

/** The text for one protocol of a message; with the structure `json`, the one that the sender wrote for it. */
export function messageFor(protocol: string, message: string, structure: string | undefined): string {
  if (structure === undefined) return message;
  if (structure !== 'json') throw invalid('MessageStructure');
  const texts = jsonObject(message);
  if (texts === null || typeof texts.default !== 'string') {
    throw invalid('Message Structure - No default entry in JSON message body');
  }
  const own = texts[protocol];
  return typeof own === 'string' ? own : texts.default;
}

export function checkEndpoint(protocol: string, endpoint: string): void {
  if (protocol === 'email' && !isMailAddress(endpoint)) throw invalid('Email address');
  if (protocol === 'sms' && !/^\+[1-9]\d{6,14}$/.test(endpoint)) {
    throw invalid(`Invalid SMS endpoint: ${endpoint}`);
  }
  if (protocol === 'https' && !isHttpsUrl(endpoint)) throw invalid('Endpoint must match the specified protocol');
}

export function checkTopicName(name: string | undefined): asserts name is string {
  if (name === undefined || !/^[A-Za-z0-9_-]{1,256}$/.test(name)) throw invalid('Topic Name');
}

export function checkTopicAttribute(name: string, value: string): void {
  if (!attributeNames.includes(name)) throw invalid(`AttributeName: ${name}`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (name === 'DisplayName' && (value.length > 100 || /[\u0000-\u001f\u007f]/.test(value)))
    throw invalid('DisplayName');
}

function isMailAddress(address: string): boolean {
  // One @, a dot-atom before it, a domain with a dot behind it, ASCII as SNS wants it.
  return (
    address.length <= 254 &&
    /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/.test(
      address,
    ) &&
    !/^\.|\.\.|\.@/.test(address)
  );
}

function isHttpsUrl(text: string): boolean {
  try {
    return new URL(text).protocol === 'https:';
  } catch {
    return false;
  }
}

function jsonObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
