import * as pulumi from "@pulumi/pulumi";
import { projectFolder } from "../config/fromPulumi";
import { recordFile } from "../config/input";
import { ProjectFolder } from "../config/projectFolder";
import { type HostRecord, parseRecord } from "../documents/record";

/**
 * What is recorded of a host that nobody dials; undefined where nothing is.
 *
 * @throws pulumi.RunError where the record is broken.
 */
export function readRecord(stack: string, host: string): HostRecord | undefined {
  const path = recordFile(stack, host);
  const text = new ProjectFolder(projectFolder()).text(path);
  try {
    return text === undefined ? undefined : parseRecord(path, text);
  } catch (error) {
    throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
  }
}
