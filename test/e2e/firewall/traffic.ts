import type { Figures } from "../../support/agents/watch";
import type { Client, Host } from "../../support/lab";
import { PORT, leqiUrl } from "../../support/samples";

/** Who calls the host meanwhile, and whether each of them got what is his. */
export interface Traffic {
  /** Of the listed client's requests. */
  readonly inside: Figures;
  /** Of the stranger's tries to connect. */
  readonly outside: Figures;
}

/** Does something while a stranger tries to connect 100 times a second and a listed client sends 50 requests a second. */
export async function underTraffic(
  { host, listed, stranger }: { readonly host: Host; readonly listed: Client; readonly stranger: Client },
  act: () => Promise<void>,
): Promise<Traffic> {
  const inside = await listed.watch({ url: leqiUrl(host.address), perSecond: 50, timeoutMs: 5000 });
  const outside = await stranger.watch({ address: host.address, port: PORT, perSecond: 100 });
  const stop = async (): Promise<Traffic> => ({ inside: await inside.stop(), outside: await outside.stop() });
  try {
    await act();
  } catch (error) {
    await stop();
    throw error;
  }
  return stop();
}

/** Nobody got in, nobody was turned away; and both were there. */
export function expectUnharmed({ inside, outside }: Traffic): void {
  expect(outside).toMatchObject({ succeeded: 0, handshakes: 0 });
  expect(outside.attempts).toBeGreaterThan(100);
  expect(inside).toMatchObject({ failed: 0 });
  expect(inside.attempts).toBeGreaterThan(50);
}

/** In one line, what it came to. */
export function figuresLine(what: string, { inside, outside }: Traffic): string {
  return (
    `${what}: a stranger's attempts ${outside.attempts}, handshakes ${outside.handshakes}; ` +
    `a listed client's requests ${inside.attempts}, failed ${inside.failed}, ` +
    `longest gap ${inside.longestGapMs} ms; ${Math.round(inside.durationMs / 1000)} s`
  );
}
