import { randomUUID } from 'node:crypto';

/** SNS speaks AWS's query protocol: a form in, XML out. https://docs.aws.amazon.com/sns/latest/api/ */
export function snsAnswer(action: string, result: string): string {
  return `<${action}Response xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><${action}Result>${result}</${action}Result>${metadata()}</${action}Response>`;
}

export function snsFault(code: string, message: string, side: 'Sender' | 'Receiver' = 'Sender'): string {
  return `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>${side}</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`;
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function attributeEntries(attributes: Readonly<Record<string, string>>): string {
  const each = Object.entries(attributes).map(
    ([key, value]) => `<entry><key>${escapeXml(key)}</key><value>${escapeXml(value)}</value></entry>`,
  );
  return `<Attributes>${each.join('')}</Attributes>`;
}

/** `prefix.1.key=a&prefix.1.value=b` as `{a: 'b'}`. */
export function mapParameter(
  parameters: ReadonlyMap<string, string>,
  prefix: string,
  key: string,
  value: string,
): Record<string, string> {
  return Object.fromEntries(
    listParameter(parameters, prefix).map((entry) => [entry.get(key) ?? '', entry.get(value) ?? '']),
  );
}

/** `prefix.1.a=x&prefix.2.a=y` as a list of what stands behind each number. */
export function listParameter(parameters: ReadonlyMap<string, string>, prefix: string): ReadonlyMap<string, string>[] {
  const entries = new Map<number, Map<string, string>>();
  for (const [name, value] of parameters) {
    if (!name.startsWith(`${prefix}.`)) continue;
    const [number, ...rest] = name.slice(prefix.length + 1).split('.');
    const entry = entries.get(Number(number)) ?? new Map<string, string>();
    entries.set(Number(number), entry.set(rest.join('.'), value));
  }
  return [...entries].sort(([a], [b]) => a - b).map(([, entry]) => entry);
}

function metadata(): string {
  return `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;
}
