import { isOpen } from "../../config/changeWindow";
import type { Sound } from "../plan/rendered";
import type { Why } from "./why";

/** What has become of a stack since it was judged, so that it is not begun now. */
export interface Overtaken {
  /** `waiting`: its window has closed; `moved`: it has been updated by somebody else. */
  readonly kind: "waiting" | "moved";
  readonly why: Why;
}

/** A stack that was judged fit to be changed. */
export interface Fit {
  readonly target: Sound | undefined;
  /** Its newest update then, as `lastRollout` tells it. */
  readonly newest: string | undefined;
  /** Milliseconds since 1970. */
  readonly judgedAt: number;
}

/** Seconds for which nobody asks again: two people who begin within them are told apart by Pulumi's lock at the least. */
const FRESH = 60;

/**
 * Looks once more, just before a stack is changed: a wave that comes late finds a window that has closed, or brings an older
 * list back over a newer one.
 *
 * @param newestNow asks the stack's backend
 * @param now milliseconds since 1970
 * @returns undefined where it may be changed
 */
export async function overtaken(
  { target, newest, judgedAt }: Fit,
  newestNow: () => Promise<string | undefined>,
  now: number,
): Promise<Overtaken | undefined> {
  const window = target?.config.window;
  if (window !== undefined && !isOpen(window, now))
    return { kind: "waiting", why: { kind: "window", text: window.text } };
  if (now - judgedAt < FRESH * 1000 || (await newestNow()) === newest) return undefined;
  return { kind: "moved", why: { kind: "meanwhile" } };
}
