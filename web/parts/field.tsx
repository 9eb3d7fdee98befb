import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { Problem } from '../api/problem.ts';

/** A labelled field of a form, with what the API says against it beside it. */
export function Field({
  label,
  name,
  problem,
  hint,
  children,
}: {
  readonly label: string;
  readonly name: string;
  readonly problem: Problem | null;
  readonly hint?: string;
  /** Draws the control; `described` is what aria-describedby takes. */
  readonly children: (described: {
    readonly 'aria-describedby'?: string;
    readonly 'aria-invalid'?: true;
  }) => ComponentChildren;
}) {
  const id = useId();
  const wrong = problem?.field === name;
  return (
    <label class="field">
      <span>{label}</span>
      {children({ ...((wrong || hint) && { 'aria-describedby': id }), ...(wrong && { 'aria-invalid': true }) })}
      {(wrong || hint) && (
        <small id={id} class={wrong ? 'fault' : 'quiet'}>
          {wrong ? problem?.detail : hint}
        </small>
      )}
    </label>
  );
}

/** One of some words. */
export function OneOf({
  value,
  values,
  onChange,
  ...described
}: {
  readonly value: string;
  readonly values: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string) => void;
}) {
  return (
    <select {...described} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {values.map(([each, label]) => (
        <option key={each} value={each}>
          {label}
        </option>
      ))}
    </select>
  );
}

export const leastPriorities = [
  ['low', 'anything'],
  ['normal', 'normal and above'],
  ['high', 'high and above'],
  ['critical', 'critical alone'],
] as const;
