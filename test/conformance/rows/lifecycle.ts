import type { Row } from "../context";
import { HUSH, type Lifecycle } from "./lifecycleRuns";

const of = (lines: readonly string[], name: string): string[] =>
  lines.filter((line) => line.startsWith(`${name} `));

export const LIFECYCLE: readonly Row<Lifecycle>[] = [
  [
    "a create runs `create` once, with stdin",
    ({ made, ran }) => {
      expect(made).toMatchObject({ exitCode: 0, all: expect.not.stringContaining("error:") as string });
      expect(of(ran.made, "life")).toEqual(["life create [document 7 allow 49.4.80.61 end ]"]);
    },
  ],
  ["a Command without `create` runs nothing", ({ ran }) => expect(of(ran.made, "idle")).toEqual([])],
  ["an agent named by SSH_AUTH_SOCK logs in", ({ made }) => expect(made.steps["agent"]).toEqual(["create"])],
  [
    "stdout and stderr lose their last newline and nothing else",
    ({ outputs }) => expect(outputs).toMatchObject({ stdout: "first\n", stderr: "aside" }),
  ],
  [
    "what a command prints is shown while it runs",
    ({ made }) => expect(made.said("loud", "info")).toContain("loud-word"),
  ],
  ["logging none shows nothing", ({ made }) => expect(made.said("quiet", "info")).toBe("")],
  [
    "an `up` with nothing changed runs nothing",
    ({ unchanged, ran }) => {
      expect(unchanged).toMatchObject({ exitCode: 0, steps: {} });
      expect(ran.unchanged).toEqual([]);
    },
  ],
  ["a preview runs nothing", ({ ran }) => expect(ran.previewed).toEqual([])],
  [
    "a preview plans an update for every changed input but triggers",
    ({ previewed: { steps } }) => {
      expect(steps).toMatchObject({
        life: ["update"],
        again: ["update"],
        hidden: ["update"],
        moved: ["update"],
      });
      expect(Object.keys(steps)).not.toContain("still");
    },
  ],
  [
    "a preview plans a replacement for changed triggers, create first",
    ({ previewed: { steps } }) =>
      expect(steps["swap"]).toEqual(["create-replacement", "replace", "delete-replaced"]),
  ],
  [
    "a preview knows none of the outputs of a changed Command",
    ({ previewed }) => {
      expect(previewed.all).toMatch(/~ life\.stdout\.known\s*: true => false/);
      expect(previewed.all).not.toContain("still.stdout.known");
    },
  ],
  [
    "a preview shows a change of stdin line by line",
    ({ previewed }) => {
      expect(previewed.all).toMatch(/^\s*- allow 49\.4\.80\.61$/m);
      expect(previewed.all).toMatch(/^\s*\+ allow 49\.4\.80\.62$/m);
      expect(previewed.all).toMatch(/^\s{3,}document 7$/m);
    },
  ],
  [
    "a secret stdin is masked in the preview",
    ({ previewed }) => {
      expect(previewed.all).toMatch(/~ stdin\s*: \[secret\] => \[secret\]/);
      expect(previewed.all).not.toContain(HUSH);
    },
  ],
  [
    "a changed connection is shown as a secret and nothing more",
    ({ previewed }) => expect(previewed.all).toMatch(/~ connection: \[secret\] => \[secret\]/),
  ],
  [
    "an update runs `update`, with the previous output in its environment where sshd accepts that",
    ({ changed, ran }) => {
      expect(of(ran.changed, "life")).toEqual(["life update [document 7 allow 49.4.80.62 end ]"]);
      expect(changed.said("life", "info")).toContain("life update after first");
    },
  ],
  [
    "without `update` an update runs `create`",
    ({ ran }) => expect(of(ran.changed, "again")).toEqual(["again 2 []"]),
  ],
  [
    "a change of the connection alone runs the command again",
    ({ ran }) => expect(of(ran.changed, "moved")).toHaveLength(1),
  ],
  ["a Command that did not change does not run", ({ ran }) => expect(of(ran.changed, "still")).toEqual([])],
  [
    "changed triggers create first, then delete with the old command text and the old stdin",
    ({ ran }) => expect(of(ran.changed, "swap")).toEqual(["swap new [two]", "swap old 1 [one]"]),
  ],
  [
    "with deleteBeforeReplace it is the other way round",
    ({ ran }) => expect(of(ran.changed, "order")).toEqual(["order old 1 [one]", "order new [two]"]),
  ],
  [
    "a Command taken out of the program runs `delete` with the state's stdin",
    ({ ran }) => expect(of(ran.changed, "gone")).toEqual(["gone deleted [kept]"]),
  ],
  [
    "where sshd does not accept the previous output, an update warns and goes on",
    ({ changed }) => {
      expect(changed.said("warns", "warning")).toContain("Unable to set 'PULUMI_COMMAND_STDOUT'");
      expect(changed.steps["warns"]).toEqual(["update"]);
    },
  ],
  [
    "addPreviousOutputInEnv false does not warn",
    ({ changed }) => expect(changed.said("calm", "warning")).toBe(""),
  ],
  [
    "a refresh runs nothing and sees no change",
    ({ refreshed, ran }) => {
      expect(refreshed.exitCode).toBe(0);
      expect(refreshed.all).not.toMatch(/\d+ (updated|changed|deleted)/);
      expect(ran.refreshed).toEqual([]);
    },
  ],
  [
    "destroy runs every `delete` with the state's stdin",
    ({ destroyed, ran }) => {
      expect(destroyed.exitCode).toBe(0);
      expect([...ran.destroyed].sort()).toEqual([
        "again gone []",
        "idle deleted []",
        "life delete [document 7 allow 49.4.80.62 end ]",
        "order old 2 [two]",
        "swap old 2 [two]",
      ]);
    },
  ],
  [
    "the state file holds no key and no secret stdin in plain text",
    ({ state, secrets }) => {
      expect(state).toContain("49.4.80.62");
      expect(secrets.filter((secret) => state.includes(secret))).toEqual([]);
    },
  ],
];
