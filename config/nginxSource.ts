import { removeAt, setSecretAt } from "./commands";
import type { StackInput } from "./input";
import { isMapping, type Mapping, type Place, read, readEach } from "./read";
import {
  archiveSecretsSchema,
  filePathSchema,
  filesSchema,
  sha256Schema,
  systemSchema,
  type StackValues,
} from "./schema";
import type { BroughtFile, HostConfig, NginxConfig, VendorArchive } from "./types";

/** The name under `lqpt:secrets` that is the vendor's archive's and no host's. */
export const ARCHIVE = "nginxArchive";

type Files = Pick<StackInput, "fileAt">;

/**
 * Reads `lqpt:nginx` with its files, which must be there and be what their SHA-256 says, and checks the rules between
 * them and the hosts. Whole only where nothing was told.
 */
export function readNginx(
  { nginx, secrets }: StackValues,
  hosts: readonly HostConfig[],
  input: Files,
  stack: Place,
): NginxConfig {
  const source = nginx?.source ?? "package";
  const place = stack.at("nginx");
  const files = readFiles(nginx?.files ?? {}, input, place.at("files"));
  const archive = nginx?.archive && readArchive(nginx.archive, input, place.at("archive"));
  if (nginx !== undefined) {
    fitsSource(nginx.files, source, "files", "from each system to its packages", place.at("files"));
    fitsSource(nginx.archive, source, "vendor", "{file, sha256} or {url, user, sha256}", place.at("archive"));
  }
  if (source === "files" && files.size > 0) hosts.forEach((host) => checkSystem(host, files, stack));
  else hosts.forEach(({ name, system }) => refuseSystem(name, system, stack));
  checkPassword(archive, secrets, stack);
  return { source, files, archive };
}

/** Each key belongs to one source: with it it must be there, with another nothing would use it. */
function fitsSource(
  found: unknown,
  source: NginxConfig["source"],
  owner: NginxConfig["source"],
  allowed: string,
  place: Place,
): void {
  const missing = found === undefined || (isMapping(found) && Object.keys(found).length === 0);
  if (source === owner && missing) {
    place.wrong(found, { problem: `lqpt:nginx.source is ${owner}`, allowed: `a mapping: ${allowed}` });
  } else if (source !== owner && found !== undefined) {
    place.wrong(found, {
      problem: "lqpt:nginx.source is another, so nothing uses it",
      allowed: `nothing; it goes with source: ${owner}`,
    });
  }
}

function readFiles(systems: Mapping, input: Files, place: Place): Map<string, BroughtFile[]> {
  const entries = Object.entries(systems).map(([system, value]) => {
    const own = place.at(system);
    read(systemSchema, system, own);
    const files = read(filesSchema, value, own) ?? {};
    const brought = Object.entries(files).flatMap(([path, written]) => {
      const here = own.at(path);
      read(filePathSchema, path, here);
      const sha256 = read(sha256Schema, written, here);
      return sha256 === undefined ? [] : [broughtFile(path, sha256, input, here)];
    });
    if (isMapping(value) && Object.keys(value).length === 0) {
      own.wrong(value, { allowed: "at least one file and its SHA-256" });
    }
    return [system, brought] as const;
  });
  return new Map(entries);
}

type WrittenArchive = NonNullable<NonNullable<StackValues["nginx"]>["archive"]>;

function readArchive(
  { file, url, user, sha256 }: WrittenArchive,
  input: Files,
  place: Place,
): VendorArchive | undefined {
  if ((file === undefined) === (url === undefined)) {
    const problem = file === undefined ? "neither file nor url is there" : "both file and url are there";
    place.wrong({ file, url }, { problem, allowed: "one of them, and sha256" });
    return undefined;
  }
  if (url !== undefined) return { from: "url", url, user, sha256 };
  if (user !== undefined) place.at("user").wrong(user, { problem: "only a url has one", allowed: "nothing" });
  return { from: "file", file: broughtFile(file ?? "", sha256, input, place.at("file")) };
}

/** A file that is there and is what was reviewed: whatever else it were, root would run it on every host. */
function broughtFile(path: string, sha256: string, { fileAt }: Files, place: Place): BroughtFile {
  const found = fileAt(path);
  if (found === undefined) {
    place.wrong(path, { problem: "it cannot be read", allowed: "a file below the folder of Pulumi.yaml" });
  } else if (found.sha256 !== sha256) {
    place.wrong(found.sha256, {
      problem: "this is the file's SHA-256, and another is written",
      allowed: sha256,
      next: "get the file again; or, where it is meant to be another, have its new SHA-256 reviewed",
    });
  }
  return { path, sha256, bytes: found?.bytes ?? 0 };
}

function checkSystem({ name, system }: HostConfig, files: ReadonlyMap<string, unknown>, stack: Place): void {
  const allowed = [...files.keys()].join(", ");
  if (system === undefined && files.size > 1) {
    const problem = "lqpt:nginx.files has those of several systems";
    stack.at("hosts", name, "system").wrong(undefined, { problem, allowed });
  } else if (system !== undefined && !files.has(system)) {
    stack.at("hosts", name, "system").wrong(system, { problem: "lqpt:nginx.files has none for it", allowed });
  }
}

function refuseSystem(name: string, system: string | undefined, stack: Place): void {
  if (system === undefined) return;
  const problem = "lqpt:nginx.source is not files, so nothing uses it";
  stack.at("hosts", name, "system").wrong(system, { problem, allowed: "nothing" });
}

function checkPassword(
  archive: VendorArchive | undefined,
  secrets: Readonly<Record<string, unknown>> = {},
  stack: Place,
): void {
  const given = Object.hasOwn(secrets, ARCHIVE) ? secrets[ARCHIVE] : undefined;
  const place = stack.at("secrets", ARCHIVE);
  if (given !== undefined) readEach(archiveSecretsSchema, given, place);
  const needed = archive?.from === "url" && archive.user !== undefined;
  const there = isMapping(given) && given["password"] !== undefined;
  if (needed && !there) {
    place.at("password").wrong(undefined, {
      problem: "lqpt:nginx.archive has a user",
      allowed: "an encrypted text",
      next: setSecretAt(place.at("password")),
    });
  } else if (!needed && given !== undefined) {
    place.wrong(given, {
      problem: "lqpt:nginx.archive has no url with a user, so nothing uses it",
      allowed: "nothing",
      next: removeAt(place),
    });
  }
}
