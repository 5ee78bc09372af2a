import { recordFile } from "../config/input";
import type { ProjectFolder } from "../config/projectFolder";
import type { HostConfig, StackConfig } from "../config/types";
import { type DeliveryRemark, remarkOfDelivery } from "../documents/delivery";
import { renderDocument } from "../documents/document";
import { parseRecord } from "../documents/record";

/** What there is to say of a host that nobody dials, by what is recorded of it. */
export function remarkOn(
  folder: ProjectFolder,
  config: StackConfig,
  host: HostConfig,
): DeliveryRemark & { readonly host: string } {
  const path = recordFile(config.stack, host.name);
  const text = folder.text(path);
  const record = text === undefined ? undefined : parseRecord(path, text);
  return { host: host.name, ...remarkOfDelivery(config, host, renderDocument(config, host), record) };
}
