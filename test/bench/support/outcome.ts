/** What a file of test/bench exports; its name is the file's. */
export interface Bench {
  /** One line for `--help`: what is compared with what. */
  readonly about: string;
  /** Measures once. Errors: whatever keeps it from measuring; a bad ratio is none. */
  run(): Promise<Outcome>;
}

/** What a bench found. */
export interface Outcome {
  /** What was measured, as a reader of the last line wants it: `one-host stack 1.90 s`. */
  readonly figures: readonly string[];
  /** At least one. */
  readonly ratios: readonly Ratio[];
}

export interface Ratio {
  /** Default `ratio`; needed where a bench has several. */
  readonly name?: string;
  /** Smaller is better. */
  readonly value: number;
  /** The most that it should be; without one it is for information. */
  readonly goal?: number;
}

/** These machines are noisy: a bench fails only where a ratio is beyond its goal times this. */
const PATIENCE = 2;

/**
 * The one line that a bench ends with.
 *
 * @example
 * "bench preview: one-host stack 1.90 s, empty program 1.70 s, ratio 1.12 (goal 1.25)"
 */
export function lineOf(bench: string, { figures, ratios }: Outcome): string {
  return `bench ${bench}: ${[...figures, ...ratios.map(shown)].join(", ")}`;
}

/** Whether the bench fails. */
export function isBeyond({ ratios }: Outcome): boolean {
  return ratios.some(({ value, goal = Infinity }) => !(value <= PATIENCE * goal));
}

function shown({ name = "ratio", value, goal }: Ratio): string {
  const figure = `${name} ${value.toFixed(2)}`;
  if (goal === undefined) {
    return figure;
  }
  const missed = value > PATIENCE * goal ? ", missed by far" : ", missed";
  return `${figure} (goal ${String(Number(goal.toFixed(3)))}${value > goal ? missed : ""})`;
}
