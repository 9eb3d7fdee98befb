import type { ComponentChildren } from 'preact';

export type Bar = { readonly id: string; readonly label: ComponentChildren; readonly count: number };

const usual = 8;

/** How often each, the most first, with bars to compare by eye and the numbers to read. */
export function Bars({
  title,
  bars,
  unit,
}: {
  readonly title: string;
  readonly bars: readonly Bar[];
  readonly unit: string;
}) {
  if (bars.length === 0) return null;
  const most = Math.max(...bars.map(({ count }) => count));
  const rest = bars.slice(usual);
  return (
    <section class="bars">
      <h2>{title}</h2>
      <Rows bars={bars.slice(0, usual)} most={most} unit={unit} />
      {rest.length > 0 && (
        <details>
          <summary>{rest.length} more</summary>
          <Rows bars={rest} most={most} unit={unit} />
        </details>
      )}
    </section>
  );
}

function Rows({ bars, most, unit }: { readonly bars: readonly Bar[]; readonly most: number; readonly unit: string }) {
  return (
    <ol>
      {bars.map(({ id, label, count }) => (
        <li key={id}>
          <span class="label">{label}</span>
          <span class="count">
            {count} <span class="unseen">{unit}</span>
          </span>
          <span class="length" aria-hidden="true" style={{ width: `${(count / most) * 100}%` }} />
        </li>
      ))}
    </ol>
  );
}
