import { execFile } from "node:child_process";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Log } from "./build";
import { withLock } from "./lock";
import type { OfficialCli } from "./official";
import type { Provider } from "./sources";

const TIMEOUT_MS = 60_000;
/** How long a download that failed is not tried again: in a closed network each try costs its time-out. */
const RETRY_AFTER_MS = 24 * 3_600_000;

/**
 * The folder of an official plugin that the official CLI downloaded into our cache, now or earlier.
 * Undefined where it could not, which is said once and then taken as given for a day.
 */
export async function downloadedPlugin(
  cli: OfficialCli,
  provider: Provider,
  version: string,
  cache: string,
  log: Log,
): Promise<string | undefined> {
  const home = join(cache, "downloaded");
  const folder = join(home, "plugins", `resource-${provider}-v${version}`);
  const failed = join(home, `${provider}-v${version}.failed`);
  const here = (): string | undefined => (complete(folder, provider) ? folder : undefined);
  if (
    here() !== undefined ||
    Date.now() - (statSync(failed, { throwIfNoEntry: false })?.mtimeMs ?? 0) < RETRY_AFTER_MS
  ) {
    return here();
  }
  const waiting = (seconds: number): void =>
    log(`another process downloads plugins: waiting for ${seconds}s`);
  return withLock(join(home, "lock"), waiting, async () => {
    if (here() === undefined) {
      log(`downloading the official ${provider} plugin v${version} (at most ${TIMEOUT_MS / 1000}s)`);
      await install(cli, provider, version, home).catch((error: unknown) => {
        mkdirSync(dirname(failed), { recursive: true });
        writeFileSync(failed, String(error));
        log(`it cannot be downloaded; not tried again for a day, or until ${failed} is removed`);
      });
    }
    return here();
  });
}

/** The CLI leaves a file `.partial` beside a plugin whose download did not come to its end. */
export function complete(folder: string, provider: Provider): boolean {
  return existsSync(join(folder, `pulumi-resource-${provider}`)) && !existsSync(`${folder}.partial`);
}

async function install(cli: OfficialCli, provider: Provider, version: string, home: string): Promise<void> {
  const env = { ...process.env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const args = ["plugin", "install", "resource", provider, `v${version}`];
  await promisify(execFile)(cli.pulumi, args, { env, timeout: TIMEOUT_MS, killSignal: "SIGKILL" });
}
