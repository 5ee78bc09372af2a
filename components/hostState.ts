import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { BroughtFile, HostConfig, LoginSecrets, StackConfig } from "../config/types";
import { type HostReport, parseReport } from "../documents/report";
import type { Tool } from "../documents/tool";
import { applyWords, installWords, markWords } from "../documents/toolCalls";
import { broughtFiles } from "./broughtFiles";
import { confirmation } from "./confirmation";
import { renderConnection } from "./connection";
import { renderCall, renderFarewell, renderBrought, renderStdin } from "../documents/remoteShell";

/** What the Commands of one host are made from. */
export interface HostStateArgs {
  readonly config: StackConfig;
  /** How to reach the machine, and how root is had there. */
  readonly host: HostConfig;
  readonly tool: Tool;
  /** The document that the host must equal. */
  readonly document: string;
  /** What is brought to install nginx from; undefined where nothing is. */
  readonly bringing: Bringing | undefined;
  /** Secret: what travels apart from the document; undefined where there is nothing. */
  readonly keys: pulumi.Output<string> | undefined;
  /** Secret; what the host's own way in and sudo need. */
  readonly secrets: pulumi.Output<LoginSecrets>;
  /** Secret; empty where there is no bastion. */
  readonly bastionSecrets: pulumi.Output<LoginSecrets>;
  /** What must have ended well before anything is done on this host; none where nothing must. */
  readonly after: readonly pulumi.Resource[];
}

/** A host as its Commands leave it. */
export interface HostState {
  /** What it reported; unknown in a preview in which anything of the host changes. */
  readonly report: pulumi.Output<HostReport>;
  /** The last of its Commands. */
  readonly last: pulumi.Resource;
}

/** What one Command has of its own. */
interface Own {
  readonly create: string;
  /** Undefined where another's takes away what it brought. */
  readonly remove?: string;
  /** For its stdin. */
  readonly content: pulumi.Input<string>;
  readonly after?: pulumi.Resource[];
  readonly hooks?: pulumi.CustomResourceOptions["hooks"];
}

/** nginx that is brought: from files beside the stack, or the vendor's archive. */
export interface Bringing {
  /** What `lqptctl nginx` reads; secret where a password is in it. */
  readonly order: pulumi.Input<string>;
  readonly files: readonly BroughtFile[];
  /** The folder of Pulumi.yaml. */
  readonly folder: string;
}

/**
 * The Commands of a host, and the only ones: the first brings lqptctl, and nginx from the machine's repositories; one
 * brings nginx where it comes from elsewhere; one the listener's certificate and key and VRRP's password, where there are any; the last makes
 * the host equal to its document over one dial of its own.
 *
 * None is ever replaced without being deleted first: the delete of an old one must not undo what the new one did.
 */
export function hostState(
  name: string,
  args: HostStateArgs,
  opts: pulumi.ComponentResourceOptions,
): HostState {
  const mark = markWords(args.config.id, args.host);
  const common = {
    connection: connection(args),
    logging: remote.Logging.Stderr,
    addPreviousOutputInEnv: false,
  };
  const { sudo } = args.host;
  const command = (purpose: string, own: Own): remote.Command =>
    new remote.Command(
      `${name}-${purpose}`,
      {
        ...{ ...common, create: own.create, stdin: stdin(args, own.content) },
        ...(own.remove === undefined ? {} : { delete: own.remove }),
      },
      { ...opts, deleteBeforeReplace: true, dependsOn: own.after ?? [], hooks: own.hooks ?? {} },
    );

  const tool = command("tool", {
    create: renderBrought({ sudo, words: installWords(args.config, args.host) }),
    remove: renderFarewell({ sudo, words: ["uninstall", ...mark] }),
    content: args.tool.packed,
    after: [...args.after],
  });

  const after: pulumi.Resource[] = [tool];
  if (args.bringing !== undefined) {
    const { files, folder, order } = args.bringing;
    const machine = [args.host.address, String(args.host.port), args.host.user];
    const pieces = broughtFiles(
      name,
      { files, folder, connection: common.connection, machine },
      { ...opts, dependsOn: [tool] },
    );
    after.push(
      command("nginx", {
        create: renderCall({ sudo, words: ["nginx", ...mark] }),
        content: order,
        after: [...after, ...pieces],
      }),
    );
  }
  if (args.keys !== undefined) {
    after.push(
      command("keys", {
        create: renderCall({ sudo, words: ["keys", ...mark] }),
        remove: renderFarewell({ sudo, words: ["forget-keys", ...mark] }),
        content: args.keys,
        after: [...after],
      }),
    );
  }
  const state = command("state", {
    create: renderCall({ sudo, words: applyWords(args.tool.version) }),
    remove: renderFarewell({ sudo, words: ["remove", ...mark] }),
    content: args.document,
    after,
    hooks: confirmation(),
  });

  // A report holds nothing secret; the connection, which is, would otherwise hide it.
  return { report: pulumi.unsecret(state.stdout).apply(readReport), last: state };
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

type RemoteConnection = ReturnType<typeof renderConnection>;

/** Plain, so that its diff can be read, unless sudo's password is in it. */
function stdin({ host, secrets }: HostStateArgs, content: pulumi.Input<string>): pulumi.Input<string> {
  return host.sudo === "password"
    ? pulumi.secret(
        pulumi.all([content, secrets]).apply(([text, { sudoPassword }]) => renderStdin(text, sudoPassword)),
      )
    : content;
}
