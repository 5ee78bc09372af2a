import type { Change, Sign } from "./changes";
import type { Sound } from "./rendered";

/**
 * What a reviewer must not overlook, since it takes something away, or does what the words of the change do not say:
 *
 * - `gone`: the stack's file is gone, and with it nothing on its machines
 * - `host-gone`: the site and the rules are taken away from a machine
 * - `moved`: a machine's place changes: the one at the old place is left as it is, and lets in whom it let in
 * - `out`, `bundle`: a machine is no longer dialled
 * - `owner`: by another mark the machines are a stranger's, and refuse
 * - `bulk`: half or more of the list goes without each being named, which every machine refuses
 * - `callers`: back ends must call another address from then on
 * - `vip`: the hosts get a shared address, another one, or none, and back ends must call another one
 * - `pair`: the two hosts do not hear each other until both are changed
 * - `external`: no firewall of the machine is the lock any more
 * - `unverified`: Leqi's certificate is no longer checked
 * - `leqi`: invoices go to another place
 * - `nginx`: nginx comes from elsewhere
 * - `unenforced`: what does not match the site's paths and methods is passed on
 */
export type DangerKind =
  | "gone"
  | "host-gone"
  | "moved"
  | "out"
  | "bundle"
  | "owner"
  | "bulk"
  | "callers"
  | "vip"
  | "pair"
  | "external"
  | "unverified"
  | "leqi"
  | "nginx"
  | "unenforced";

/** One thing in a plan that a reviewer must not overlook. */
export interface Danger {
  readonly kind: DangerKind;
  /** The host, the setting, or the sources that it is about; empty where it is the stack. */
  readonly what: string;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

/** A setting whose change is one; `after`: only where it becomes this; `sign`: only where it was there and stays. */
interface Setting {
  readonly path: RegExp;
  readonly after?: string;
  readonly sign?: Sign;
  readonly kind: DangerKind;
}

const SETTINGS: readonly Setting[] = [
  { path: /^lqpt:id$/, kind: "owner" },
  { path: /^lqpt:(listen\.(port|bind|tls)|publicAddress)$/, kind: "callers" },
  { path: /^lqpt:vip\.address$/, kind: "vip" },
  { path: /^lqpt:vip\.(interface|routerId|hosts\..+)$/, sign: "!", kind: "pair" },
  { path: /^lqpt:firewall\.mode$/, after: "external", kind: "external" },
  { path: /^lqpt:leqi\.verify$/, after: "off", kind: "unverified" },
  { path: /^lqpt:leqi\.(endpoint|addresses)$/, kind: "leqi" },
  { path: /^lqpt:nginx\.source$/, kind: "nginx" },
  { path: /^lqpt:site\.enforce$/, after: "false", kind: "unenforced" },
  { path: /^lqpt:hosts\.[^.]+\.state$/, after: "out", kind: "out" },
  { path: /^lqpt:hosts\.[^.]+\.delivery$/, after: "bundle", kind: "bundle" },
];

/** Those of a stack that both revisions have. */
export function dangersOf(before: Sound, after: Sound, changes: readonly Change[]): Danger[] {
  return [...changes.flatMap(ofChange), ...bulk(before, after, changes)];
}

function ofChange({ of, sign, what, before, after }: Change): Danger[] {
  if (of === "host") {
    if (sign === "-") return [{ kind: "host-gone", what, before }];
    return sign === "!" ? [{ kind: "moved", what, before, after }] : [];
  }
  if (of !== "setting") return [];
  return SETTINGS.filter(
    (setting) =>
      setting.path.test(what) && (setting.after ?? after) === after && (setting.sign ?? sign) === sign,
  ).map(({ kind }) => ({ kind, what, before, after }));
}

/** As lqptctl counts on the host (E_BULK): what stays let in by another entry is not cut. */
function bulk(before: Sound, after: Sound, changes: readonly Change[]): Danger[] {
  const cut = changes.filter(
    ({ of, sign, within }) => of === "source" && sign === "-" && within === undefined,
  );
  const agreed = new Set(after.config.removals.map(({ what }) => what));
  const unnamed = cut.filter(({ what }) => !agreed.has(what));
  if (unnamed.length === 0 || 2 * cut.length < before.config.sources.length) return [];
  return [{ kind: "bulk", what: unnamed.map(({ what }) => what).join(", ") }];
}
