import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { FirewallConfig, HostConfig, LoginSecrets, NginxConfig } from "../config/types";
import type { Tool } from "../documents/tool";
import { confirmation } from "./confirmation";
import { renderConnection } from "./connection";
import { renderCall, renderFarewell, renderInstall, renderStdin } from "./remoteShell";
import { parseReport, type HostReport } from "./report";

/** What the Commands of one host are made from. */
export interface HostStateArgs {
  /** The owner's mark, `lqpt:id`. */
  readonly id: string;
  /** How to reach the machine, and how root is had there. */
  readonly host: HostConfig;
  readonly tool: Tool;
  /** The document that the host must equal. */
  readonly document: string;
  /** The port that must be free, or ours, before anything is brought. */
  readonly port: number;
  /** Where nginx comes from. */
  readonly nginx: NginxConfig;
  /** What is decided for the first start of firewalld. */
  readonly firewall: FirewallConfig;
  /** Secret: the listener's certificate and key; undefined where it speaks plain http. */
  readonly keys: pulumi.Output<string> | undefined;
  /** Secret; what the host's own way in and sudo need. */
  readonly secrets: pulumi.Output<LoginSecrets>;
  /** Secret; empty where there is no bastion. */
  readonly bastionSecrets: pulumi.Output<LoginSecrets>;
}

/**
 * The Commands of a host, and the only ones: the first brings lqptctl and nginx; one brings the listener's certificate
 * and key, where there are any; the last makes the host equal to its document over one dial of its own.
 *
 * None is ever replaced without being deleted first: the delete of an old one must not undo what the new one did.
 *
 * @returns what the host reported; unknown in a preview in which anything of the host changes.
 */
export function hostState(
  name: string,
  args: HostStateArgs,
  opts: pulumi.ComponentResourceOptions,
): pulumi.Output<HostReport> {
  const mark = ["--owner", args.id, "--host", args.host.name];
  const common = {
    connection: connection(args),
    logging: remote.Logging.Stderr,
    addPreviousOutputInEnv: false,
  };
  const { sudo } = args.host;
  const gate = gateWords(args.firewall, args.nginx.source);

  const tool = new remote.Command(
    `${name}-tool`,
    {
      ...common,
      create: renderInstall({ sudo, words: ["install", ...mark, "--port", String(args.port), ...gate] }),
      delete: renderFarewell({ sudo, words: ["uninstall", ...mark] }),
      stdin: stdin(args, args.tool.text),
    },
    { ...opts, deleteBeforeReplace: true },
  );

  const keys =
    args.keys === undefined
      ? []
      : [
          new remote.Command(
            `${name}-keys`,
            {
              ...common,
              create: renderCall({ sudo, words: ["keys", ...mark] }),
              delete: renderFarewell({ sudo, words: ["forget-keys", ...mark] }),
              stdin: stdin(args, args.keys),
            },
            { ...opts, deleteBeforeReplace: true, dependsOn: [tool] },
          ),
        ];

  const state = new remote.Command(
    `${name}-state`,
    {
      ...common,
      create: renderCall({ sudo, words: ["apply", "--tool", args.tool.version] }),
      delete: renderFarewell({ sudo, words: ["remove", ...mark] }),
      stdin: stdin(args, args.document),
    },
    { ...opts, deleteBeforeReplace: true, dependsOn: [tool, ...keys], hooks: { onError: [confirmation()] } },
  );

  // A report holds nothing secret; the connection, which is, would otherwise hide it.
  return pulumi.unsecret(state.stdout).apply(readReport);
}

/** As an error of the user's: of any other the SDK prints all that it hangs together with, which takes it minutes. */
function readReport(stdout: string): HostReport {
  try {
    return parseReport(stdout);
  } catch (error) {
    throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
  }
}

function connection({ host, secrets, bastionSecrets }: HostStateArgs): pulumi.Output<RemoteConnection> {
  return pulumi.secret(
    pulumi.all([secrets, bastionSecrets]).apply(([own, bastion]) => ({
      ...renderConnection(host, own),
      ...(host.bastion === undefined ? {} : { proxy: renderConnection(host.bastion, bastion) }),
    })),
  );
}

/** Only what is not the default, so that the command stays short: its whole text is printed when it fails. */
function gateWords({ mode, keepOpen, closes }: FirewallConfig, source: string): string[] {
  return [
    ...(source === "package" ? [] : ["--nginx", source]),
    ...(mode === "external" ? ["--mode", "external"] : []),
    ...(keepOpen.length === 0 ? [] : ["--keep-open", keepOpen.join(",")]),
    ...(closes.length === 0 ? [] : ["--closes", closes.join(",")]),
  ];
}

type RemoteConnection = ReturnType<typeof renderConnection>;

/** Plain, so that its diff can be read, unless sudo's password is in it. */
function stdin({ host, secrets }: HostStateArgs, content: pulumi.Input<string>): pulumi.Input<string> {
  return host.sudo === "password"
    ? pulumi.secret(
        pulumi.all([content, secrets]).apply(([text, { sudoPassword }]) => renderStdin(text, sudoPassword)),
      )
    : content;
}
