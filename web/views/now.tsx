import { StorylineFilters } from '../parts/filters.tsx';
import { StorylineList } from '../parts/storyline-list.tsx';
import { useFilters } from '../use-address.ts';
import { EventTimelines } from './event-timelines.tsx';

/** The first look: what is happening in what is followed. */
export function Now() {
  const { filters } = useFilters();
  const { since = '48h', ...others } = filters;
  return (
    <>
      <h1 class="unseen">What is happening</h1>
      <StorylineFilters />
      <div class="now">
        <section aria-labelledby="events-title">
          <EventTimelines since={since} only={filters.event} />
        </section>
        <section aria-labelledby="storylines-title">
          <StorylineList query={{ ...others, since }} />
        </section>
      </div>
    </>
  );
}
