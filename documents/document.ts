import { createHash } from "node:crypto";
import type { HostConfig, StackConfig } from "../config/types";
import { renderHealthSection } from "./health";
import { renderKeepalived } from "./keepalived";
import { CHECK_PATHS, renderSite } from "./site";
import { renderVip, type SharedAddress, sharedAddress } from "./vip";

/** The document's format. An older lqptctl refuses a newer one before it touches anything. */
export const DOCUMENT_FORMAT = 2;

/** What one host must equal, as a person reads it and as lqptctl enforces it. */
export interface HostDocument {
  /** The whole text; ends with a newline. */
  readonly text: string;
  /** The text of lqpt.conf within it. */
  readonly site: string;
  /** The address that the host shares with its peer; undefined where there is none. */
  readonly vip: SharedAddress | undefined;
  /** The text of keepalived.conf within it; undefined where the hosts share no address. */
  readonly keepalived: string | undefined;
  /** `sha256:<hex>` of what is enforced: everything before `[notes]`. */
  readonly digest: string;
  /** The same over the whole text, notes and all: what a reviewer read. */
  readonly whole: string;
}

/**
 * Renders the document of one host. It depends on the config alone, never on what a host reported, so that what
 * a reviewer read is byte for byte what the host gets.
 */
export function renderDocument(config: StackConfig, host: HostConfig): HostDocument {
  const site = renderSite(config);
  const vip = sharedAddress(config, host);
  const keepalived = vip && renderKeepalived(config.id, host.name, vip);
  const enforced = [
    `lqpt-document ${String(DOCUMENT_FORMAT)}`,
    "# What this host must equal. Rendered from the stack's config, enforced by lqptctl.",
    `owner ${config.id} ${host.name}`,
    "",
    "[listen]",
    `bind ${config.listen.bind}`,
    `port ${String(config.listen.port)}`,
    `tls ${config.listen.tls}`,
    ...(config.listen.proxyProtocol ? ["proxy-protocol yes"] : []),
    ...config.listen.names.map((name) => `name ${name}`),
    ...(config.listen.certificate === undefined
      ? []
      : [`certificate sha256:${sha256(config.listen.certificate)}`]),
    "",
    "[firewall]",
    `mode ${config.firewall.mode}`,
    `zone ${config.firewall.zone ?? "auto"}`,
    ...config.sources.map(({ cidr }) => `allow ${cidr}`),
    "",
    "[nginx]",
    `source ${config.nginx.source}`,
    "",
    "[leqi]",
    `name ${config.leqi.host}`,
    `port ${String(config.leqi.port)}`,
    ...config.leqi.addresses.map((address) => `address ${address}`),
    `verify ${config.leqi.verify}`,
    "",
    "[check]",
    `leqi-id ${config.leqiId ?? ""}`,
    ...config.environments.map((environment) => `environment ${environment} ${CHECK_PATHS[environment]}`),
    `after ${config.check.after}`,
    `port ${String(config.check.port)}`,
    ...(config.registeredIp === undefined ? [] : [`registered-ip ${config.registeredIp}`]),
    ...(config.check.reflector === undefined ? [] : [`reflector ${config.check.reflector}`]),
    "",
    ...renderHealthSection(config),
    ...renderVip(vip),
    ...block("keepalived", keepalived),
    ...block("ca", config.leqi.ca),
    ...block("site", site),
  ];
  const text = lines([...enforced, "[notes]", ...renderNotes(config), "", "[end]"]);
  return {
    ...{ text, site, vip, keepalived },
    ...{ digest: `sha256:${sha256(lines(enforced))}`, whole: digestOfText(text) },
  };
}

/** Who, why and with whose consent. It travels beside what is enforced; a change of it alone touches no rule and no site. */
function renderNotes(config: StackConfig): string[] {
  return [
    ...(config.ticket === undefined ? [] : [`ticket ${config.ticket}`]),
    ...config.firewall.keepOpen.map((ports) => `keep-open ${ports}`),
    ...config.firewall.closes.map((what) => `closes ${what}`),
    `rollback-seconds ${String(config.firewall.rollbackSeconds)}`,
    ...config.sources.map(({ cidr, owner, kind, filteredBy }) => {
      const filter = filteredBy === undefined ? "" : `, filtered by ${filteredBy}`;
      return `source ${cidr} ${kind === "backend" ? "" : `${kind}: `}${owner}${filter}`;
    }),
    ...config.removals.map(({ what, why }) => `remove ${what} ${why}`),
  ];
}

/** `sha256:<hex>` of a document's whole text. */
export function digestOfText(text: string): string {
  return `sha256:${sha256(text)}`;
}

/** The digest of what is enforced, of a document's whole text: a section of somebody else's text is indented. */
export function enforcedDigestOf(text: string): string {
  const [enforced = ""] = text.split(/^\[notes\]$/m);
  return `sha256:${sha256(enforced)}`;
}

/**
 * The same document with consent to take away what nobody of us put there: it is enforced as it was.
 *
 * @param whats as under lqpt:remove: sources, `everyone`, files
 */
export function withConsent(text: string, whats: readonly string[], why: string): string {
  const consent = whats.map((what) => `remove ${what} ${why}\n`).join("");
  return text.replace(/\n\[end\]\n$/, `${consent}\n[end]\n`);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join("");
}

/** A section that is somebody else's text, each line indented; none where there is no text. */
function block(name: string, text: string | undefined): string[] {
  return text === undefined ? [] : [`[${name}]`, ...text.trimEnd().split("\n").map(indent), ""];
}

function indent(line: string): string {
  return line === "" ? "" : `  ${line}`;
}
