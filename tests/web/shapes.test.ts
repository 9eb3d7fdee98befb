import { expectTypeOf, test } from 'vitest';
import type { Company } from '../../lib/pipeline/company.ts';
import type { ExplainedStory } from '../../lib/pipeline/explain.ts';
import type { Finding } from '../../lib/pipeline/finding.ts';
import type { ListedFeed, watchlist } from '../../lib/pipeline/queries.ts';
import type { EventSeries, Series } from '../../lib/pipeline/series-queries.ts';
import type { Stats } from '../../lib/pipeline/stats.ts';
import type { StorylinePage, StorylinesPage } from '../../lib/pipeline/storyline-queries.ts';
import type { ListedSubscriber } from '../../lib/pipeline/subscribe.ts';
import type { Tried } from '../../lib/pipeline/try-rule.ts';
import type * as web from '../../web/api/types.ts';

test('what the API answers is what the page takes it to be', () => {
  expectTypeOf<StorylinesPage>().toExtend<web.Storylines>();
  expectTypeOf<StorylinePage>().toExtend<web.StorylinePage>();
  expectTypeOf<ExplainedStory>().toExtend<web.Story>();
  expectTypeOf<Series>().toExtend<web.Series>();
  expectTypeOf<EventSeries>().toExtend<web.EventSeries>();
  expectTypeOf<Company>().toExtend<web.Company>();
  expectTypeOf<ListedFeed>().toExtend<web.Feed>();
  expectTypeOf<Finding>().toExtend<web.Finding>();
  expectTypeOf<Stats>().toExtend<web.Stats>();
  expectTypeOf<Tried>().toExtend<web.Tried>();
  expectTypeOf<ListedSubscriber>().toExtend<web.Subscriber>();
  expectTypeOf<Awaited<ReturnType<typeof watchlist>>>().toExtend<web.Watchlist>();
});
