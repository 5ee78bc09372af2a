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
  readonly type?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
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

/** What a stack's state says a host is. */
export interface HostKept {
  /** The whole document of the last `up` that was begun; undefined where none was sent. */
  readonly document: string | undefined;
  /** `lqptctl 0.1.0+1f2e3d4c`. */
  readonly tool: string | undefined;
  /** What the host reported when it was last made equal to a document. */
  readonly report: HostReport | undefined;
}

/**
 * What a stack's state says of each of its hosts, by name.
 *
 * @param exported what `pulumi stack export` printed; its secrets stay encrypted
 */
export function hostsInState(exported: string): ReadonlyMap<string, HostKept> {
  const resources = ((tryJson(exported) ?? {}) as Exported).deployment?.resources ?? [];
  const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
  return new Map(
    resources
      .filter(({ type }) => type === "lqpt:index:ProxyHost")
      .map(({ urn, inputs }) => {
        const name = urn.split("::").at(-1) ?? "";
        const { report } = hostInState(exported, name);
        return [name, { document: text(inputs?.["document"]), tool: text(inputs?.["tool"]), report }];
      }),
  );
}

/** The listener's own certificate and key, PEM, as `components/listenerCertificate.ts` names them. */
export interface ListenerInState {
  readonly certificate: string;
  readonly key: string;
}

/** @param exported what `pulumi stack export --show-secrets` printed */
export function listenerInState(exported: string): ListenerInState | undefined {
  const resources = ((tryJson(exported) ?? {}) as Exported).deployment?.resources ?? [];
  const output = (name: string, property: string): string | undefined => {
    const found = resources.find(({ urn }) => urn.split("::").at(-1) === name)?.outputs?.[property];
    // A secret is a mapping around its text, which is JSON.
    const plain =
      typeof found === "object" && found !== null ? (found as { plaintext?: string }).plaintext : found;
    const value = typeof found === "string" ? found : tryJson(String(plain));
    return typeof value === "string" ? value : undefined;
  };
  const certificate = output("listener-certificate", "certPem");
  const key = output("listener-key", "privateKeyPem");
  return certificate === undefined || key === undefined ? undefined : { certificate, key };
}

function reportOf(stdout: string | undefined): HostReport | undefined {
  try {
    return stdout === undefined ? undefined : parseReport(stdout);
  } catch {
    // A run that did not come to its end reports nothing.
    return undefined;
  }
}
