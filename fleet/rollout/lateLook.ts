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
}

/**
 * Looks once more, just before a stack is changed, be it a second after it was judged: a window may have closed, and over an
 * update that somebody else has just finished this one would bring an older list back. Pulumi's lock tells only those apart
 * that run at the same time.
 *
 * @param newestNow asks the stack's backend
 * @param now milliseconds since 1970
 * @returns undefined where it may be changed
 */
export async function overtaken(
  { target, newest }: Fit,
  newestNow: () => Promise<string | undefined>,
  now: number,
): Promise<Overtaken | undefined> {
  const window = target?.config.window;
  if (window !== undefined && !isOpen(window, now))
    return { kind: "waiting", why: { kind: "window", text: window.text } };
  if ((await newestNow()) === newest) return undefined;
  return { kind: "moved", why: { kind: "meanwhile" } };
}
