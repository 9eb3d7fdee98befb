import type { StorylineStory } from '../api/types.ts';
import { ticksOf } from './ticks.ts';

const mostTracks = 14;

/** A line for each outlet and a dot for each story on it. The list of stories says the same to whoever does not see it. */
export function OutletTracks({ stories }: { readonly stories: readonly StorylineStory[] }) {
  const outlets = [...new Set(stories.flatMap(({ match }) => match?.outlet ?? []))];
  const times = stories.map(({ at }) => Date.parse(at) / 1e3);
  const first = Math.min(...times);
  const length = Math.max(...times) - first || 3_600;
  // Room for the dots at both ends.
  const from = first - length * 0.03;
  const to = first + length * 1.03;
  const place = (at: number) => ((at - from) / (to - from)) * 100;
  return (
    <div class="tracks" aria-hidden="true">
      {outlets.slice(0, mostTracks).map((outlet) => (
        <div key={outlet} class="track">
          <span class="label">{outlet}</span>
          <span class="line">
            {stories
              .filter(({ match }) => match?.outlet === outlet)
              .map(({ story, at, duplicateOf, reached }) => (
                <i
                  key={story}
                  class={`${duplicateOf === null ? 'own' : 'copy'}${reached.length > 0 ? ' turn' : ''}`}
                  style={{ left: `${place(Date.parse(at) / 1e3)}%` }}
                />
              ))}
          </span>
        </div>
      ))}
      <div class="track">
        <span class="label">{outlets.length > mostTracks && `and ${outlets.length - mostTracks} more`}</span>
        <span class="time-axis">
          {ticksOf(from, to, 'hour').map(({ at, label }) => (
            <span key={at} style={{ left: `${place(at)}%` }}>
              {label}
            </span>
          ))}
        </span>
      </div>
      <Turns stories={stories} place={place} />
    </div>
  );
}

/** Where the storyline came to another state. Names that would touch stand one below the other. */
function Turns({
  stories,
  place,
}: {
  readonly stories: readonly StorylineStory[];
  readonly place: (at: number) => number;
}) {
  const turns = stories.filter(({ reached }) => reached.length > 0);
  return (
    <div class="turns">
      {leveled(
        turns.map(({ story, at, reached }) => ({ story, at: place(Date.parse(at) / 1e3), name: reached.join(', ') })),
      ).map(({ story, at, name, level }) => (
        <span key={story} style={{ left: `${at}%`, top: `${level * 1.05}rem` }}>
          {name}
        </span>
      ))}
    </div>
  );
}

type Turn = { readonly story: string; readonly at: number; readonly name: string };

/** In per cent of the width, a letter being 1.3 of a narrow page's. */
const letterWidth = 1.3;
const mostLevels = 3;

function leveled(turns: readonly Turn[]): readonly (Turn & { readonly level: number })[] {
  const ends: number[] = [];
  return turns.map((turn) => {
    const free = ends.findIndex((end) => end < turn.at);
    const level = free === -1 ? Math.min(ends.length, mostLevels - 1) : free;
    ends[level] = turn.at + turn.name.length * letterWidth;
    return { ...turn, level };
  });
}
