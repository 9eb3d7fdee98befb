import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { Problem } from '../api/problem.ts';

type Described = { readonly id: string; readonly 'aria-describedby'?: string; readonly 'aria-invalid'?: true };

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
  /** Draws the control, which takes these. */
  readonly children: (described: Described) => ComponentChildren;
}) {
  const id = useId();
  const wrong = problem?.field === name;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        ...((wrong || hint) && { 'aria-describedby': `${id}-hint` }),
        ...(wrong && { 'aria-invalid': true }),
      })}
      {(wrong || hint) && (
        <small id={`${id}-hint`} class={wrong ? 'fault' : 'quiet'}>
          {wrong ? problem?.detail : hint}
        </small>
      )}
    </div>
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

const leastPriorities = [
  ['low', 'anything'],
  ['normal', 'normal and above'],
  ['high', 'high and above'],
  ['critical', 'critical alone'],
] as const;

/** From which priority on somebody is told. */
export function LeastPriorityField({
  value,
  set,
  problem,
}: {
  readonly value: string;
  readonly set: (changed: { readonly leastPriority: string }) => void;
  readonly problem: Problem | null;
}) {
  return (
    <Field label="Told of" name="leastPriority" problem={problem}>
      {(described) => (
        <OneOf
          {...described}
          value={value}
          values={leastPriorities}
          onChange={(leastPriority) => set({ leastPriority })}
        />
      )}
    </Field>
  );
}
