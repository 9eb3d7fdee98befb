import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { Bucket, Width } from '../api/types.ts';
import { ticksOf } from './ticks.ts';
import { useMedia } from './use-media.ts';

type ChartProps = {
  readonly buckets: readonly Bucket[];
  readonly by: Width;
  readonly height: number;
  /** Charts of one group show one moment, wherever the pointer is. */
  readonly group: string;
  /** The highest value that the scale has room for, at least. */
  readonly atLeast?: number;
  readonly axes?: boolean;
  readonly label: string;
  readonly onPoint?: (bucket: Bucket | null) => void;
};

/** Stories as bars, spikes in the accent, outlets as a tick across each. */
export function Chart(props: ChartProps) {
  const { buckets, by, height, label, axes = false, atLeast = 1, group } = props;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const dark = useMedia('(prefers-color-scheme: dark)');
  const top = Math.max(atLeast, ...buckets.map(({ stories, outlets }) => Math.max(stories, outlets)));

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const options = optionsOf({ element, by, height, axes, group, latest });
    const made = new uPlot(options, dataOf(latest.current.buckets), element);
    plot.current = made;
    const follow = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    follow.observe(element);
    return () => {
      follow.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [by, height, axes, group, dark]);

  useEffect(() => {
    plot.current?.batch(() => {
      plot.current?.setData(dataOf(buckets), false);
      plot.current?.setScale('x', range(buckets, by));
      plot.current?.setScale('y', { min: 0, max: top * 1.08 });
    });
  }, [buckets, by, top, dark, height, axes, group]);

  return <div class="chart" role="img" aria-label={label} ref={place} style={{ height: `${height}px` }} />;
}

type Making = {
  readonly element: HTMLElement;
  readonly by: Width;
  readonly height: number;
  readonly axes: boolean;
  readonly group: string;
  readonly latest: { readonly current: ChartProps };
};

function optionsOf({ element, by, height, axes, group, latest }: Making): uPlot.Options {
  const colour = coloursOf(element);
  const bars = uPlot.paths.bars?.({ size: [0.84, 40], align: 1 });
  const font = `11px ${getComputedStyle(element).fontFamily}`;
  return {
    width: element.clientWidth,
    height,
    padding: axes ? [8, 8, 0, 0] : [2, 0, 2, 0],
    legend: { show: false },
    // A day's bucket begins at midnight UTC, whatever the reader's zone.
    tzDate: (seconds) => (by === 'day' ? uPlot.tzDate(new Date(seconds * 1e3), 'Etc/UTC') : new Date(seconds * 1e3)),
    cursor: { sync: { key: group }, y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: { x: { time: true, auto: false }, y: { auto: false } },
    series: [
      {},
      { label: 'stories', paths: bars, fill: colour('--bar'), width: 0, points: { show: false } },
      { label: 'spikes', paths: bars, fill: colour('--accent'), width: 0, points: { show: false } },
      {
        label: 'outlets',
        paths: ticksOver(secondsOf(by)),
        stroke: colour('--ink'),
        width: 1.5,
        points: { show: false },
      },
    ],
    axes: axesOf({ by, axes, colour, font }),
    hooks: {
      setCursor: [
        (self) => {
          const { buckets, onPoint } = latest.current;
          onPoint?.(self.cursor.idx == null ? null : (buckets[self.cursor.idx] ?? null));
        },
      ],
    },
  };
}

type Axes = {
  readonly by: Width;
  readonly axes: boolean;
  readonly colour: (name: string) => string;
  readonly font: string;
};

/** Times below and counts at the left; without axes, the lines of the times alone. */
function axesOf({ by, axes, colour, font }: Axes): uPlot.Axis[] {
  return [
    {
      show: true,
      size: axes ? 24 : 0,
      font,
      stroke: colour('--soft'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
      splits: (self) => ticksOf(self.scales.x?.min ?? 0, self.scales.x?.max ?? 0, by).map(({ at }) => at),
      values: (self) =>
        axes ? ticksOf(self.scales.x?.min ?? 0, self.scales.x?.max ?? 0, by).map(({ label }) => label) : [],
    },
    {
      show: axes,
      size: 34,
      font,
      stroke: colour('--soft'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
      incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000],
    },
  ];
}

/** A short level line at the value of each bucket, as wide as its bar. */
function ticksOver(widthSeconds: number): uPlot.Series.PathBuilder {
  return (self, series, first, last) => {
    const stroke = new Path2D();
    const [times, values] = [self.data[0], self.data[series] ?? []];
    const left = (at: number) => self.valToPos(at, 'x', true);
    const scale = self.series[series]?.scale ?? 'y';
    for (let index = first; index <= last; index += 1) {
      const [at, value] = [times[index], values[index]];
      if (at === undefined || value === null || value === undefined) continue;
      const level = self.valToPos(value, scale, true);
      const gap = (left(at + widthSeconds) - left(at)) * 0.08;
      stroke.moveTo(left(at) + gap, level);
      stroke.lineTo(left(at + widthSeconds) - gap, level);
    }
    return { stroke };
  };
}

function dataOf(buckets: readonly Bucket[]): uPlot.AlignedData {
  return [
    buckets.map(({ at }) => Date.parse(at) / 1e3),
    buckets.map(({ stories, spike }) => (spike ? null : stories)),
    buckets.map(({ stories, spike }) => (spike ? stories : null)),
    buckets.map(({ outlets }) => outlets || null),
  ];
}

export const secondsOf = (by: Width): number => (by === 'hour' ? 3_600 : 86_400);

function range(buckets: readonly Bucket[], by: Width): { readonly min: number; readonly max: number } {
  const first = Date.parse(buckets[0]?.at ?? '') / 1e3 || 0;
  const last = Date.parse(buckets.at(-1)?.at ?? '') / 1e3 || 1;
  return { min: first, max: last + secondsOf(by) };
}

function coloursOf(element: HTMLElement): (name: string) => string {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(name).trim();
}
