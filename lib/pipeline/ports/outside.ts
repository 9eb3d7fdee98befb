/** Publishes to SNS; throws where SNS did not accept. */
export type Publish = (message: {
  readonly topicArn: string;
  readonly subject: string | null;
  readonly body: string;
  readonly attributes?: Readonly<Record<string, string | readonly string[]>>;
}) => Promise<void>;

/** One structured line per outcome. */
export type Log = (line: { readonly event: string; readonly [field: string]: unknown }) => void;
