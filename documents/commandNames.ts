/** What a Command or copy of a host ends in, in a state. */
const PURPOSES = "tool|nginx|keys|state|piece-[0-9a-f]{12}-\\d+";

/** A Command or copy in a state, by its name. */
export interface CommandName {
  readonly purpose: string;
  /** Whether it is kept under another name, of a host that no `up` reached since. */
  readonly isLeft: boolean;
}

/** @returns undefined where the resource is none of this host's. */
export function commandNameOf(host: string, resource: string): CommandName | undefined {
  // The second part: a return that was cut off leaves both the old and the new ones.
  const match = new RegExp(`^${host}-(${PURPOSES})((?:\\.left)*)$`).exec(resource);
  if (match === null) return undefined;
  const [, purpose = "", left] = match;
  return { purpose, isLeft: left !== "" };
}
