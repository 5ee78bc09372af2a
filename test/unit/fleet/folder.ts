import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blob, HOST, ROOT, SMALL, type Values } from "../config/stacks";

/** A project's folder of its own, with the environments' files of this one. Whoever makes it removes it. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lqpt-folder-"));
  for (const file of ["Pulumi.yaml", "Pulumi.prod.yaml", "Pulumi.sandbox.yaml"]) {
    cpSync(join(ROOT, file), join(folder, file));
  }
  return folder;
}

/** Writes a stack's file. */
export function writeStack(folder: string, stack: string, values: Values): void {
  const config = Object.entries(values).map(([key, value]) => [`lqpt:${key}`, value]);
  // JSON is YAML.
  const text = JSON.stringify({ config: Object.fromEntries(config) as Values });
  writeFileSync(join(folder, `Pulumi.${stack}.yaml`), text);
}

/** One of many customers: with a machine, a host key and a list of its own. */
export function customer(index: number): Values {
  const key = Buffer.alloc(32, 1);
  key.writeUInt32BE(index);
  const host = {
    ...HOST,
    address: `203.0.${String(index >> 8)}.${String(index & 255)}`,
    hostKey: `ssh-ed25519 ${blob("ssh-ed25519", key)}`,
  };
  const allow = Object.fromEntries(
    Array.from({ length: 8 }, (_, last) => [
      `121.36.${String(index & 255)}.${String(last * 2)}`,
      "ACME 财务共享中心",
    ]),
  );
  return { ...SMALL, id: `c${String(index)}-7f3a`, hosts: { "proxy-1": host }, allow };
}
