import { execFileSync } from "node:child_process";
import { removeAt, setPlain, setSecret } from "../../../config/commands";

test.each(["lqpt:x", `lqpt:secrets["x';id;'"]`, "lqpt:$(id)`id`\\"])(
  "a command that a message tells to call is one command for a shell, whatever the key: %s",
  (key) => {
    for (const command of [setPlain("acme", key), setSecret("acme", key).replace(" < FILE", "")]) {
      const words = execFileSync("sh", ["-c", `printf '%s\\n' ${command}`], { encoding: "utf8" }).split("\n");
      expect(words).toContain(key);
      expect(words.slice(0, 5)).toEqual(["pulumi", "config", "set", "--stack", "acme"]);
    }
  },
);

test("what is to be taken out is named by its path", () => {
  const place = { file: "Pulumi.acme.yaml", path: ["lqpt:secrets", "x';id;'"] };
  const command = removeAt(place as unknown as Parameters<typeof removeAt>[0]);
  expect(execFileSync("sh", ["-c", `printf '%s\\n' ${command}`], { encoding: "utf8" })).not.toContain("uid=");
});
