/** One story as an event's model sees it. */
export type Example = {
  /** How often it counts. */
  readonly times: number;
  readonly isOne: boolean;
  readonly byRule: boolean;
  /** Indices of the clauses that hold, ascending. */
  readonly clauses: readonly number[];
};

export type Fitted = { readonly bias: number; readonly rule: number; readonly weights: Float64Array };

const mostSweeps = 400;
const enough = 1e-4;

/**
 * Fits a logistic model with an L1 penalty on the clauses (not on the bias and the rule): the sum of the log losses plus
 * `penalty` times the sum of the weights' sizes is made least, by coordinate descent on the quadratic bound of the loss, whose
 * curvature is at most a quarter (Friedman, Hastie, Tibshirani 2010, "Regularization Paths for Generalized Linear Models").
 * Most weights become zero. Deterministic.
 */
export function fitLogistic(examples: readonly Example[], clauseCount: number, penalty: number): Fitted {
  const margins = new Float64Array(examples.length);
  const columns: number[][] = Array.from({ length: clauseCount }, () => []);
  for (const [i, example] of examples.entries()) for (const clause of example.clauses) columns[clause]!.push(i);
  const all = examples.map((_, i) => i);
  const held = all.filter((i) => examples[i]!.byRule);
  const curvature = (rows: readonly number[]) => rows.reduce((sum, i) => sum + examples[i]!.times, 0) / 4;
  const curvatures = Float64Array.from(columns, curvature);
  const [ofAll, ofHeld] = [curvature(all), curvature(held)];

  const slope = (rows: readonly number[]) => {
    let sum = 0;
    for (const i of rows) {
      const { times, isOne } = examples[i]!;
      sum += times * (1 / (1 + Math.exp(-margins[i]!)) - (isOne ? 1 : 0));
    }
    return sum;
  };
  const move = (rows: readonly number[], by: number) => {
    if (by !== 0) for (const i of rows) margins[i]! += by;
    return Math.abs(by);
  };
  const weights = new Float64Array(clauseCount);
  let bias = 0;
  let rule = 0;

  function sweep(isLooked: (clause: number) => boolean): number {
    const stepOfAll = ofAll === 0 ? 0 : -slope(all) / ofAll;
    bias += stepOfAll;
    let moved = move(all, stepOfAll);
    const stepOfHeld = ofHeld === 0 ? 0 : -slope(held) / ofHeld;
    rule += stepOfHeld;
    moved = Math.max(moved, move(held, stepOfHeld));
    for (let clause = 0; clause < clauseCount; clause++) {
      if (curvatures[clause] === 0 || !isLooked(clause)) continue;
      const before = weights[clause]!;
      const wanted = before - slope(columns[clause]!) / curvatures[clause]!;
      const after = Math.sign(wanted) * Math.max(0, Math.abs(wanted) - penalty / curvatures[clause]!);
      weights[clause] = after;
      moved = Math.max(moved, move(columns[clause]!, after - before));
    }
    return moved;
  }

  // All clauses now and then, in between those that weigh something: few do.
  for (let round = 0; round < mostSweeps; round++) {
    const isFull = round % 10 === 0;
    const moved = sweep(isFull ? () => true : (clause) => weights[clause] !== 0);
    if (isFull && moved < enough) break;
  }
  return { bias, rule, weights };
}
