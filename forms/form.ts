/** A form as it is filled in, whatever it is written as. */
export interface Form {
  readonly title: string;
  /** A label and what stands there; left out where nothing is known. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly tables: readonly Table[];
  /** What must be borne in mind, a paragraph each. */
  readonly notes: readonly string[];
}

export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  /** Each as long as the head. */
  readonly rows: readonly (readonly string[])[];
}
