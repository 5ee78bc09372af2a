import { commandNameOf } from "../documents/commandNames";
import { type HostReport, parseReport, tryJson } from "../documents/report";

/** What a stack's state holds of one host. */
export interface HostInState {
  /** Of its Commands, in the order in which they can be taken out: whatever needs another comes before it. */
  readonly urns: readonly string[];
  /** What the host reported last; undefined where it never did, or that cannot be read. */
  readonly report: HostReport | undefined;
}

interface Exported {
  readonly deployment?: { readonly resources?: readonly Resource[] };
}

interface Resource {
  readonly urn: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** @param exported what `pulumi stack export` printed; its secrets stay encrypted */
export function hostInState(exported: string, host: string): HostInState {
  const { deployment } = (tryJson(exported) ?? {}) as Exported;
  const own = (deployment?.resources ?? []).flatMap((resource) => {
    const name = commandNameOf(host, resource.urn.split("::").at(-1) ?? "");
    return name === undefined ? [] : [{ ...resource, ...name }];
  });
  const states = own.filter(({ purpose }) => purpose === "state").map(({ outputs }) => outputs?.["stdout"]);
  const [stdout] = states.filter((text) => typeof text === "string");
  return { urns: own.map(({ urn }) => urn).reverse(), report: reportOf(stdout) };
}

function reportOf(stdout: string | undefined): HostReport | undefined {
  try {
    return stdout === undefined ? undefined : parseReport(stdout);
  } catch {
    // A run that did not come to its end reports nothing.
    return undefined;
  }
}
