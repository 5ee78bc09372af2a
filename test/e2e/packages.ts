import type { Host } from "../support/lab";

/** Debian packages, from the repositories that the host knows: what was there before us, or what a test itself needs. */
export async function aptInstall(host: Host, ...packages: readonly string[]): Promise<void> {
  await host.mustExec(
    `apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends ${packages.join(" ")}`,
    { timeoutMs: 300_000 },
  );
}
