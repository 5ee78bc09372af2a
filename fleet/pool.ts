/**
 * Does the same with each of many things, some at a time.
 *
 * @param size how many at a time
 * @returns what came of each, in the order of the things
 * @throws whatever `work` throws first; what was begun by then goes on, and nothing new is begun
 */
export async function pooled<T, R>(
  things: readonly T[],
  size: number,
  work: (thing: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const waiting = [...things.entries()];
  let failed = false;
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && !failed; next = waiting.shift()) {
      const [index, thing] = next;
      try {
        results[index] = await work(thing);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(size, things.length) }, worker));
  return results;
}
