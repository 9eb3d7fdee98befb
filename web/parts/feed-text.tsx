import type { Evidence } from '../../lib/core/watchlist/matched.ts';
import { cutAtSpans, cutAtWords, type Piece } from './marked-words.ts';

/** A feed's own words: as text alone, in their own direction, with what matched marked. */
export function FeedText({
  text,
  lang,
  words = [],
  evidence,
}: {
  readonly text: string;
  readonly lang?: string;
  readonly words?: readonly string[];
  /** Where it matched, exactly; instead of `words`. */
  readonly evidence?: readonly Pick<Evidence, 'start' | 'end'>[];
}) {
  const pieces = evidence === undefined ? cutAtWords(text, words) : cutAtSpans(text, evidence);
  return (
    <bdi dir="auto" lang={lang}>
      {pieces.map(drawPiece)}
    </bdi>
  );
}

function drawPiece({ text, marked }: Piece) {
  return marked ? <mark>{text}</mark> : text;
}

/** A title that leads to the publisher's page, where the feed gave a web address. */
export function StoryLink({
  url,
  children,
}: {
  readonly url: string | null;
  readonly children: preact.ComponentChildren;
}) {
  // Only web addresses become links; a feed may say anything.
  if (url === null || !/^https?:\/\//i.test(url)) return <>{children}</>;
  return (
    <a href={url} rel="noreferrer noopener" target="_blank">
      {children}
    </a>
  );
}
