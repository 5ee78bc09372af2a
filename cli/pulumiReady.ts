import { isMapping } from "../config/read";
import { tryJson } from "../documents/report";
import { lastWords } from "../fleet/lastWords";
import { runPulumi } from "../fleet/pulumi";
import { readGiven } from "./givenFiles";

/**
 * Looks whether Pulumi can make a stack and encrypt its secrets, before a person is asked and before a file is written:
 * what is found out afterwards leaves half a stack behind.
 *
 * @param folder the one of Pulumi.yaml
 * @throws Error with what is missing.
 */
export async function refuseWithoutPulumi(folder: string): Promise<void> {
  const { status, stdout, stderr } = await runPulumi(folder, ["whoami", "--json"]).catch((error: unknown) => {
    throw new Error(`${error instanceof Error ? error.message : String(error)}. Nothing was written`);
  });
  if (status !== 0) {
    throw new Error(
      `Pulumi is not ready: ${lastWords(stderr)}; expected it logged in to where the states are: pulumi login --local for this machine alone, else docs/guides/backends.md. Nothing was written`,
    );
  }
  if (!keepsKeys(tryJson(stdout))) refuseWithoutPassphrase(process.env);
}

/** Pulumi's service encrypts by a key of its own; files and stores by a passphrase. */
function keepsKeys(said: unknown): boolean {
  const url = isMapping(said) ? said["url"] : undefined;
  return typeof url === "string" && /^https?:/.test(url);
}

function refuseWithoutPassphrase(env: NodeJS.ProcessEnv): void {
  const { PULUMI_CONFIG_PASSPHRASE: text, PULUMI_CONFIG_PASSPHRASE_FILE: file } = env;
  // An empty one is one to Pulumi.
  if (text !== undefined) return;
  if (file === undefined || file === "") {
    throw new Error(
      "Pulumi has no passphrase to encrypt the secrets by; expected it in PULUMI_CONFIG_PASSPHRASE_FILE, the name of a file with it, or in PULUMI_CONFIG_PASSPHRASE: export one of them, as the README says. Nothing was written",
    );
  }
  readGiven(
    file,
    "PULUMI_CONFIG_PASSPHRASE_FILE: ",
    "a file with the passphrase, and nothing else. Nothing was written",
  );
}
