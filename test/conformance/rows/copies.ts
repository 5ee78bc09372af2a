import type { Row } from "../context";
import { type Copies, MARK } from "./copiesRuns";

const LIFE = "made/by the/copy/life.bin";

export const COPIES: readonly Row<Copies>[] = [
  [
    "a create copies the file, byte by byte",
    ({ runs: { made }, files }) => {
      expect(made).toMatchObject({ exitCode: 0, all: expect.not.stringContaining("error:") as string });
      expect(files.made).toMatchObject({ still: { bytes: "first" }, small: { bytes: "small 1" } });
    },
  ],
  [
    "a relative path is below the login's home, and its folders are made",
    ({ files }) => expect(files.made[LIFE]).toMatchObject({ bytes: "first" }),
  ],
  ["an absolute path is taken as it is", ({ files }) => expect(files.made["place-1"]?.bytes).toBe("first")],
  [
    "a path that is a folder gets the file under its own name",
    ({ files }) => expect(files.made["there/source.bin"]).toMatchObject({ bytes: "first" }),
  ],
  ["a host behind a bastion gets its file", ({ files }) => expect(files.made["behind"]?.bytes).toBe("first")],
  [
    "a local file that may be executed may not be on the host",
    ({ files }) => expect(files.made["still"]?.mode).toMatch(/^[0246]{3}$/),
  ],
  ["one copy is one login", ({ logins }) => expect(logins.made).toBe(10)],
  ["a copy's connection is closed afterwards", ({ connections }) => expect(connections).toBe("closed")],
  [
    "an `up` with nothing changed copies nothing, and does not look at what is on the host",
    ({ runs, files, logins }) => {
      expect(runs.unchanged).toMatchObject({ exitCode: 0, steps: {} });
      expect(logins.unchanged).toBe(0);
      expect(new Set(Object.values(files.unchanged).map(({ bytes }) => bytes))).toEqual(
        new Set(["tampered"]),
      );
    },
  ],
  [
    "a preview copies nothing and does not log in",
    ({ files, logins }) => {
      expect(files.previewed).toEqual(files.unchanged);
      expect(logins.previewed).toBe(0);
    },
  ],
  [
    "a preview plans an update for other bytes, for another connection and for another remotePath",
    ({ runs: { previewed } }) =>
      expect(previewed.steps).toMatchObject({
        life: ["update"],
        small: ["update"],
        folder: ["update"],
        way: ["update"],
        place: ["update"],
      }),
  ],
  [
    "a preview plans a replacement for changed triggers",
    ({ runs: { previewed } }) =>
      expect(previewed.steps["swap"]).toEqual(["create-replacement", "replace", "delete-replaced"]),
  ],
  [
    "the same bytes in another local file are no change, and the state keeps the old file's name",
    ({ runs, files, renamed, local }) => {
      expect(runs.previewed.steps["renamed"]).toBeUndefined();
      expect(runs.changed.steps["renamed"]).toBeUndefined();
      expect(files.changed["renamed"]).toMatchObject({ bytes: "tampered" });
      expect(renamed).toMatchObject({ source: { path: local.first } });
    },
  ],
  [
    "a preview names the local file and shows nothing of its bytes",
    ({ runs: { previewed }, local }) => {
      expect(previewed.all).toMatch(/^\s*- source: asset\(file:\w{7}\) \{ .*\/source\.bin \}$/m);
      expect(previewed.all).toMatch(/^\s*\+ source: asset\(file:\w{7}\) \{ .*\/second\.bin \}$/m);
      expect(previewed.all).toContain(local.small);
      expect(previewed.all).not.toContain(MARK);
    },
  ],
  [
    "a preview knows the remotePath of a changed copy",
    ({ runs }) => {
      expect(runs.made.all).toMatch(/life\.remotePath\.known\s*: true/);
      expect(runs.previewed.all).not.toContain("life.remotePath.known");
    },
  ],
  [
    "a preview shows a changed connection as a secret",
    ({ runs }) => expect(runs.previewed.all).toMatch(/~ connection: \[secret\] => \[secret\]/),
  ],
  [
    "other bytes are copied over the old ones, under the same name or another",
    ({ files }) =>
      expect(files.changed).toMatchObject({ [LIFE]: { bytes: "second" }, small: { bytes: "small 2" } }),
  ],
  [
    "what is copied over keeps its mode",
    ({ files }) => expect(files.changed).toMatchObject({ [LIFE]: { mode: "600" }, small: { mode: "600" } }),
  ],
  [
    "in a folder another local name is another file, and the old one stays",
    ({ files }) =>
      expect(files.changed).toMatchObject({
        "there/source.bin": { bytes: "tampered" },
        "there/second.bin": { bytes: "second" },
      }),
  ],
  [
    "another remotePath gets the file, and the old one stays",
    ({ files }) =>
      expect(files.changed).toMatchObject({
        "place-1": { bytes: "tampered" },
        "place-2": { bytes: "first" },
      }),
  ],
  [
    "a change of the connection alone is an update that copies nothing",
    ({ runs, files }) => {
      expect(runs.changed.steps["way"]).toEqual(["update"]);
      expect(files.changed["way"]).toMatchObject({ bytes: "tampered" });
    },
  ],
  [
    "changed triggers replace, which copies the same bytes again and deletes nothing",
    ({ runs, files }) => {
      expect(runs.changed.steps["swap"]).toEqual(["create-replacement", "replace", "delete-replaced"]);
      expect(files.changed["swap"]).toMatchObject({ bytes: "first" });
    },
  ],
  [
    "a copy that did not change copies nothing",
    ({ runs, files, logins }) => {
      expect(runs.changed.steps["still"]).toBeUndefined();
      expect(files.changed["still"]).toMatchObject({ bytes: "tampered" });
      // life, small, folder, place and swap
      expect(logins.changed).toBe(5);
    },
  ],
  [
    "a copy taken out of the program leaves its file on the host",
    ({ runs, files }) => {
      expect(runs.changed.steps["gone"]).toEqual(["delete"]);
      expect(files.changed["gone"]).toMatchObject({ bytes: "tampered" });
    },
  ],
  [
    "a refresh does not log in and sees no change, without the local files too",
    ({ runs: { refreshed }, logins }) => {
      expect(refreshed.exitCode).toBe(0);
      expect(refreshed.all).not.toMatch(/\d+ (updated|changed|deleted)/);
      expect(logins.refreshed).toBe(0);
    },
  ],
  [
    "destroy leaves every file on the host, and needs neither a login nor the local files",
    ({ runs, files, logins }) => {
      expect(runs.destroyed.exitCode).toBe(0);
      expect(files.destroyed).toEqual(files.changed);
      expect(logins.destroyed).toBe(0);
    },
  ],
  [
    "neither the file's bytes nor the key are in the state, and its bytes are not printed",
    ({ runs, state, secrets }) => {
      expect(state).toContain("still");
      expect(secrets.filter((secret) => state.includes(secret))).toEqual([]);
      expect(Object.values(runs).filter(({ all }) => all.includes(MARK))).toEqual([]);
    },
  ],
];
