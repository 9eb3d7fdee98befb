/** A setting the stack gives each function; a missing one is a broken stack, named at once. */
export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`the function has no setting ${name}`);
  return value;
}

/** A setting that may be left empty. */
export function optionalSetting(name: string): string {
  return process.env[name] ?? '';
}

export function numberSetting(name: string): number {
  const value = Number(setting(name));
  if (Number.isNaN(value)) throw new Error(`the function's setting ${name} is not a number: ${process.env[name]}`);
  return value;
}
