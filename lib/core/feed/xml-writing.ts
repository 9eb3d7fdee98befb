import type { XmlScope } from './xml-scope.ts';

const keptAttributes: readonly string[] = [
  ...['type', 'mode', 'href', 'rel', 'ispermalink', 'term', 'label', 'src', 'role', 'about', 'text'],
];

/** The attributes that are read, and what the element inherits: xml:base as `base`, xml:lang as `lang`. */
export function writtenAttributes(attributes: ReadonlyMap<string, string>, scope: XmlScope): string {
  let written = scope.base === null ? '' : ` base="${escaped(scope.base)}"`;
  if (scope.lang !== null) written += ` lang="${escaped(scope.lang)}"`;
  if (attributes.size === 0) return written;
  for (const name of keptAttributes) {
    const value = attributes.get(name);
    if (value !== undefined) written += ` ${name}="${escaped(value)}"`;
  }
  for (const [name, value] of attributes) {
    const known = name.includes(':') ? scope.nameOf(name) : null;
    if (known === 'rdf:about' || known === 'rdf:resource') written += ` ${known}="${escaped(value)}"`;
  }
  return written;
}

export function escaped(text: string): string {
  return /[<&"]/.test(text) ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;') : text;
}

/** Character data that a strict parser gives back as it is. */
export function writtenText(text: string): string {
  if (!text.includes('<') && !text.includes('&') && !text.includes(']]>')) return text;
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}
