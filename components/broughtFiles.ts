import { closeSync, mkdirSync, openSync, readSync, renameSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type Piece, piecesOf } from "../documents/nginxOrder";
import type { BroughtFile } from "../config/types";

/** Where pieces are put on a host, in the home of whoever logs in; lqptctl takes them from there and checks them. */
const FOLDER = ".lqpt-files";

/** What bringing files to one host needs. */
export interface BroughtFilesArgs {
  readonly files: readonly BroughtFile[];
  /** The folder of Pulumi.yaml. */
  readonly folder: string;
  /** As in `remote.Command`. */
  readonly connection: remote.CopyToRemoteArgs["connection"];
  /** What the machine is known by: another machine gets the files anew. */
  readonly machine: readonly string[];
}

/**
 * Brings files to a host, in pieces over SFTP, one after the other: a line that is cut costs one piece, and the next
 * `pulumi up` goes on with that.
 *
 * @returns what whoever needs the files must wait for.
 */
export function broughtFiles(
  name: string,
  { files, folder, connection, machine }: BroughtFilesArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const brought: remote.CopyToRemote[] = [];
  for (const piece of files.flatMap(piecesOf)) {
    const before = brought.at(-1);
    brought.push(
      new remote.CopyToRemote(
        `${name}-piece-${piece.name.replace(/^(.{12}).*-/, "$1-")}`,
        {
          connection,
          source: new pulumi.asset.FileAsset(onDisk(piece, folder)),
          remotePath: `${FOLDER}/${piece.name}`,
          triggers: [...machine],
        },
        { ...opts, deleteBeforeReplace: true, ...(before === undefined ? {} : { dependsOn: [before] }) },
      ),
    );
  }
  return brought;
}

/** The file itself where it is one piece; else the piece, cut out once and kept in a private folder. */
function onDisk({ name, file, offset, length }: Piece, folder: string): string {
  const whole = join(folder, file.path);
  if (offset === 0 && length === file.bytes) return whole;
  const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "lqpt", "pieces");
  const path = join(cache, name);
  if (statSync(path, { throwIfNoEntry: false })?.size === length) return path;
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  const part = `${path}.${String(process.pid)}`;
  writeFileSync(part, cut(whole, offset, length), { mode: 0o600 });
  renameSync(part, path);
  return path;
}

function cut(path: string, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const file = openSync(path, "r");
  try {
    for (let read = 0; read < length;) {
      const more = readSync(file, bytes, read, length - read, offset + read);
      if (more === 0) throw new Error(`${path} ended while it was read; expected that it stays as it is`);
      read += more;
    }
    return bytes;
  } finally {
    closeSync(file);
  }
}
