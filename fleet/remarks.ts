import { recordFile } from "../config/input";
import type { ProjectFolder } from "../config/projectFolder";
import type { HostConfig, StackConfig } from "../config/types";
import { type DeliveryRemark, remarkOfDelivery } from "../documents/delivery";
import { renderDocument } from "../documents/document";
import { type HostRecord, isOf, machineOf, parseRecord } from "../documents/record";

/** What there is to say of a host that nobody dials, by what is recorded of it. */
export function remarkOn(folder: ProjectFolder, config: StackConfig, host: HostConfig): DeliveryRemark {
  const record = readRecord(folder, config, host);
  return remarkOfDelivery(config, host, renderDocument(config, host), record);
}

/** The record that counts for a host; undefined where there is none, or it is another machine's. */
export function recordedOf(
  folder: ProjectFolder,
  config: StackConfig,
  host: HostConfig,
): HostRecord | undefined {
  const record = readRecord(folder, config, host);
  return record !== undefined && isOf(record, machineOf(config, host)) ? record : undefined;
}

/**
 * What is recorded of a host that nobody dials, whoever it counts for; undefined where nothing is.
 *
 * @throws Error where the record is broken.
 */
export function readRecord(
  folder: ProjectFolder,
  { stack }: Pick<StackConfig, "stack">,
  { name }: Pick<HostConfig, "name">,
): HostRecord | undefined {
  const path = recordFile(stack, name);
  const text = folder.text(path);
  return text === undefined ? undefined : parseRecord(path, text);
}
