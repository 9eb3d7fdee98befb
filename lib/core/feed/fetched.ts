/** What a conditional request for one feed brought. A feed that is down is an everyday event, so it is a value. */
export type Fetched =
  | (FetchedHeaders & {
      readonly kind: 'fresh';
      /** Where the body came from, after redirects. */
      readonly url: string;
      /** Unpacked bytes, at most the limit. */
      readonly body: Uint8Array;
      readonly contentType: string | null;
    })
  | (FetchedHeaders & { readonly kind: 'unchanged' })
  | {
      readonly kind: 'failed';
      readonly reason: FetchFailure;
      readonly status: number | null;
      readonly message: string;
      /** From Retry-After, in seconds from now. */
      readonly retryAfterSeconds: number | null;
    };

export type FetchFailure =
  /** 403, 401, 451 or a captcha page. */
  | 'blocked'
  /** 410: given up until somebody looks. */
  | 'gone'
  /** 404 */
  | 'missing'
  /** 429 and 503: the whole host is held. */
  | 'busy'
  /** No connection, no answer in time, TLS failure. */
  | 'unreachable'
  | 'too-large'
  /** Refused by our own guard: private address, other scheme, too many redirects. */
  | 'forbidden'
  /** Any other status, or an answer that breaks HTTP. */
  | 'broken';

export type FetchedHeaders = {
  /** Byte for byte as the server sent them; null clears what was stored. */
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** Where the leading permanent redirects (301, 308) led, or null where there was none. */
  readonly permanentUrl: string | null;
  /** From Cache-Control max-age less Age, else Expires minus Date, in seconds; null where the server does not say. */
  readonly freshForSeconds: number | null;
  readonly retryAfterSeconds: number | null;
};

export type FetchRequest = {
  readonly url: string;
  readonly etag: string | null;
  readonly lastModified: string | null;
};

/** One conditional GET, guarded against private addresses. Never throws: every failure is a value. */
export type FetchFeed = (request: FetchRequest, signal?: AbortSignal) => Promise<Fetched>;
