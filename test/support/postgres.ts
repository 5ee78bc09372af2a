import { chownSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { bringProgram } from "./prepare";
import { mustRun, type Program, run, start } from "./programs";

/** Debian's, a folder for each version: off the PATH. */
const SERVERS = "/usr/lib/postgresql";
/** Until a server that was started must answer. */
const READY_MS = 30_000;

/**
 * A real PostgreSQL with a database of its own for Pulumi's states. It listens on a Unix socket in a private folder and on
 * no network, so that the operator reaches it from whichever network namespace.
 */
export class Postgres {
  private constructor(
    private readonly folder: string,
    private readonly server: Program,
  ) {}

  /** As in `PULUMI_BACKEND_URL`. */
  get url(): string {
    return `postgres://postgres@/pulumi?host=${this.folder}`;
  }

  static async start(): Promise<Postgres> {
    await bringProgram(console.error, "pg_ctlcluster", "postgresql");
    const folder = mkdtempSync(join(tmpdir(), "lqpt-postgres-"));
    const { uid, gid } = statSync("/var/lib/postgresql");
    chownSync(folder, uid, gid);
    await mustRun(...asPostgres("initdb", "--auth", "trust", "--pgdata", join(folder, "data")));
    const options = ["-D", join(folder, "data"), "-k", folder, "-c", "listen_addresses="];
    const postgres = new Postgres(folder, start(...asPostgres("postgres", ...options)));
    await postgres.ready();
    await mustRun(...asPostgres("createdb", "--host", folder, "pulumi"));
    return postgres;
  }

  async stop(): Promise<void> {
    // Fast shutdown: nobody's transaction is waited for.
    await this.server.signal("SIGINT");
    await this.server.result;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    const until = Date.now() + READY_MS;
    for (;;) {
      const { exitCode, all } = await run(...asPostgres("pg_isready", "--quiet", "--host", this.folder));
      if (exitCode === 0) return;
      if (Date.now() > until) {
        await this.server.kill();
        throw new Error(`PostgreSQL does not answer:\n${all}\n${(await this.server.result).all}`);
      }
      await sleep(100);
    }
  }
}

/** The server refuses to be root, and ends with whoever started it. */
function asPostgres(program: string, ...words: readonly string[]): [string, string[]] {
  const path = join(SERVERS, readdirSync(SERVERS).sort().at(-1) ?? "", "bin", program);
  const user = ["--reuid", "postgres", "--regid", "postgres", "--clear-groups", "--pdeathsig", "INT"];
  return ["setpriv", [...user, path, ...words]];
}
