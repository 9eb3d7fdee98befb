import { conventionalPrefix, prefixOfUri } from './namespaces.ts';

/** What an element and all inside it inherit: namespaces, xml:base (joined as far as it goes) and xml:lang. */
export type XmlScope = {
  readonly base: string | null;
  readonly lang: string | null;
  /** Our name for an element, such as `dc:date`; null for one of a namespace that is not read. */
  readonly nameOf: (qualified: string) => string | null;
  /** The scope inside an element with these attributes. */
  readonly within: (attributes: ReadonlyMap<string, string>) => XmlScope;
};

/** Our prefix for one in the feed; null where its namespace is not read, undefined where it was never declared. */
type Lookup = (prefix: string) => string | null | undefined;

/** The scope of the root. What is in the root's own namespace is the feed's, whatever that is, unless it is RDF's. */
export function rootScope(root: string, attributes: ReadonlyMap<string, string>): XmlScope {
  const colon = root.indexOf(':');
  const own = attributes.get(colon === -1 ? 'xmlns' : `xmlns:${root.slice(0, colon).toLowerCase()}`) ?? null;
  const feedUri = own !== null && prefixOfUri(own) === 'rdf' ? null : own;
  return scopeOf(() => undefined, null, null, feedUri).within(attributes);
}

function scopeOf(lookup: Lookup, base: string | null, lang: string | null, feedUri: string | null): XmlScope {
  // An entry asks for the same dozen names as the one before it.
  const names = new Map<string, string | null>();
  const scope: XmlScope = {
    base,
    lang,
    nameOf: (qualified) => {
      const known = names.get(qualified);
      if (known !== undefined) return known;
      const name = resolved(qualified.toLowerCase(), lookup);
      if (names.size < 500) names.set(qualified, name);
      return name;
    },
    within: (attributes) => {
      const declared = declaredIn(attributes, feedUri);
      const ownBase = attributes.get('xml:base');
      const ownLang = attributes.get('xml:lang');
      if (declared.size === 0 && ownBase === undefined && ownLang === undefined) return scope;
      // A chain rather than a copy: a thousand prefixes on the root must not be copied for each element below.
      const inner: Lookup = (prefix) => (declared.has(prefix) ? declared.get(prefix) : lookup(prefix));
      return scopeOf(inner, joinedBase(ownBase, base), ownLang ?? lang, feedUri);
    },
  };
  return scope;
}

function declaredIn(attributes: ReadonlyMap<string, string>, feedUri: string | null): Map<string, string | null> {
  const prefixes = new Map<string, string | null>();
  for (const [name, uri] of attributes) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue;
    prefixes.set(name.slice(6), uri === '' || uri === feedUri ? '' : prefixOfUri(uri));
  }
  return prefixes;
}

function resolved(qualified: string, lookup: Lookup): string | null {
  const colon = qualified.indexOf(':');
  const prefix = colon === -1 ? '' : qualified.slice(0, colon);
  const local = qualified.slice(colon + 1);
  const declared = lookup(prefix);
  const ours = declared !== undefined ? declared : prefix === '' ? '' : conventionalPrefix(prefix);
  if (ours === null) return null;
  return ours === '' ? local : `${ours}:${local}`;
}

function joinedBase(own: string | undefined, outer: string | null): string | null {
  const text = own?.trim();
  if (!text) return outer;
  if (outer === null) return text;
  return URL.parse(text, outer)?.href ?? text;
}
