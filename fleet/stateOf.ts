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
  return hostAmong(resourcesIn(exported), host);
}

function resourcesIn(exported: string): readonly Resource[] {
  return ((tryJson(exported) ?? {}) as Exported).deployment?.resources ?? [];
}

/** What a resource is called in its program. */
function nameOf({ urn }: Resource): string {
  return urn.split("::").at(-1) ?? "";
}

function hostAmong(resources: readonly Resource[], host: string): HostInState {
  const own = resources.flatMap((resource) => {
    const name = commandNameOf(host, nameOf(resource));
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
  readonly report: Pick<HostReport, "digest"> | undefined;
}

/**
 * What a stack's state says of each of its hosts, by name.
 *
 * @param exported what `pulumi stack export` printed; its secrets stay encrypted
 */
export function hostsInState(exported: string): ReadonlyMap<string, HostKept> {
  const resources = resourcesIn(exported);
  const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
  return new Map(
    resources
      .filter(({ type }) => type === "lqpt:index:ProxyHost")
      .map((resource) => {
        const { inputs } = resource;
        const { report } = hostAmong(resources, nameOf(resource));
        return [
          nameOf(resource),
          { document: text(inputs?.["document"]), tool: text(inputs?.["tool"]), report },
        ];
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
  const certificate = outputIn(exported, "listener-certificate", "certPem");
  const key = outputIn(exported, "listener-key", "privateKeyPem");
  return certificate === undefined || key === undefined ? undefined : { certificate, key };
}

/** VRRP's password, as `components/virtualIp.ts` names it; `exported` as above. */
export function vrrpPasswordInState(exported: string): string | undefined {
  return outputIn(exported, "vip-password", "result");
}

function outputIn(exported: string, name: string, property: string): string | undefined {
  const found = resourcesIn(exported).find((resource) => nameOf(resource) === name)?.outputs?.[property];
  // A secret is a mapping around its text, which is JSON.
  const plain =
    typeof found === "object" && found !== null ? (found as { plaintext?: string }).plaintext : found;
  const value = typeof found === "string" ? found : tryJson(String(plain));
  return typeof value === "string" ? value : undefined;
}

function reportOf(stdout: string | undefined): HostReport | undefined {
  try {
    return stdout === undefined ? undefined : parseReport(stdout);
  } catch {
    // A run that did not come to its end reports nothing.
    return undefined;
  }
}
