import { posix } from "node:path";
import type { BroughtFile, HostConfig, StackConfig } from "../config/types";

/** The order's format. An older lqptctl refuses a newer one. */
export const ORDER_FORMAT = 1;

/** What one piece of a file holds, so that a cut line costs no more than this: 1 MiB. */
export const PIECE_BYTES = 1_048_576;

/** One part of a file that is brought over SSH by itself. */
export interface Piece {
  /** What it is called on the host, `<SHA-256 of the whole>-<number>`. */
  readonly name: string;
  readonly file: BroughtFile;
  /** Of its first byte in the file. */
  readonly offset: number;
  readonly length: number;
}

/** What a host's nginx is installed from, where it is brought; empty for the other sources. */
export function filesFor({ nginx }: StackConfig, { system }: HostConfig): readonly BroughtFile[] {
  if (nginx.archive?.from === "file") return [nginx.archive.file];
  const [only] = nginx.files.keys();
  return nginx.files.get(system ?? only ?? "") ?? [];
}

/** A file's pieces, in order; an empty file has one. */
export function piecesOf(file: BroughtFile): readonly Piece[] {
  const count = Math.max(1, Math.ceil(file.bytes / PIECE_BYTES));
  return Array.from({ length: count }, (_, index) => {
    const offset = index * PIECE_BYTES;
    return {
      name: `${file.sha256}-${String(index)}`,
      file,
      offset,
      length: Math.min(PIECE_BYTES, file.bytes - offset),
    };
  });
}

/**
 * The order that `lqptctl nginx` reads: what nginx is installed from, with the SHA-256 of each. Undefined where nothing
 * is brought. A password is not in it: it is a line of its own after it.
 */
export function renderNginxOrder(config: StackConfig, host: HostConfig): string | undefined {
  const { nginx, leqiId = "" } = config;
  if (nginx.source !== "files" && nginx.source !== "vendor") return undefined;
  const brought = filesFor(config, host).map(
    (file) => `file ${file.sha256} ${String(piecesOf(file).length)} ${posix.basename(file.path)}`,
  );
  return [
    `lqpt-nginx ${String(ORDER_FORMAT)}`,
    `source ${nginx.source}`,
    // Why the installer wants the ID is unknown; where nginx starts, Leqi's name must have an address.
    ...(nginx.source === "vendor" ? [`leqi-id ${leqiId}`, `leqi-name ${config.leqi.host}`] : []),
    ...brought,
    ...(nginx.archive?.from === "url" ? downloaded(nginx.archive) : []),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

function downloaded(archive: { url: string; user: string | undefined; sha256: string }): string[] {
  const name = posix.basename(new URL(archive.url).pathname) || "archive";
  return [
    `file ${archive.sha256} 0 ${/^[A-Za-z0-9][\w.+~:%=-]*$/.test(name) ? name : "archive"}`,
    `url ${archive.url}`,
    ...(archive.user === undefined ? [] : [`user ${archive.user}`]),
  ];
}
