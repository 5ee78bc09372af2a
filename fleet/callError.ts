/** How to come by the programs that are called. */
const PROGRAMS = {
  pulumi: "expected Pulumi's CLI (https://www.pulumi.com/docs/install/)",
  "ssh-keyscan": "expected it from the package openssh-client, or openssh-clients",
} as const;

/** Why a program could not be called, or ended badly: that there is none is said in words, and not as ENOENT. */
export function callError(program: keyof typeof PROGRAMS, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "ENOENT"
    ? `${program} is not installed, or not on PATH; ${PROGRAMS[program]}`
    : `${program} cannot be called: ${message}`;
}
