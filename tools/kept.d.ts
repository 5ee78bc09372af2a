/**
 * What `make` makes of `source`, or made of it in an earlier run; kept in this clone's node_modules.
 *
 * @param madeBy what makes it, with its version: raised with whatever makes something else of the same source
 */
export function kept(madeBy: string, source: string, make: () => string): string;
