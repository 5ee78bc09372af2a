import * as pulumi from "@pulumi/pulumi";
import { archivePassword, projectFolder } from "../config/fromPulumi";
import type { HostConfig, StackConfig } from "../config/types";
import { filesFor, renderNginxOrder } from "../documents/nginxOrder";
import type { Bringing } from "./hostState";

/** What is brought to a host to install nginx from; undefined where nothing is. */
export function bringing(config: StackConfig, host: HostConfig): Bringing | undefined {
  const order = renderNginxOrder(config, host);
  if (order === undefined) return undefined;
  const { archive } = config.nginx;
  const withPassword =
    archive?.from === "url" && archive.user !== undefined
      ? pulumi.secret(archivePassword().apply((password) => `${order}password ${oneLine(password)}\n`))
      : order;
  return { order: withPassword, files: filesFor(config, host), folder: projectFolder() };
}

function oneLine(password: string): string {
  if (!/[\r\n\0]/.test(password)) return password;
  throw new pulumi.RunError(
    "lqpt:secrets.nginxArchive.password has a line break; expected one line. Set it again without one",
  );
}
