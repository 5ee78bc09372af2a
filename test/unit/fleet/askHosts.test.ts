import type { HostConfig } from "../../../config/types";
import { type Answer, askHosts, stdoutOf } from "../../../fleet/askHosts";
import { sshd } from "./sshd";

const QUESTION = { words: ["status"], seconds: 10 };

/** What comes of asking a host that lets in, on which every line ends with this status. */
async function answerOf(status: number, sudo: HostConfig["sudo"]): Promise<Answer<string> | undefined> {
  const { host, close } = await sshd((client) =>
    client
      .on("authentication", (ctx) => (ctx.method === "password" ? ctx.accept() : ctx.reject(["password"])))
      .on("session", (accept) => {
        accept().on("exec", (acceptExec) => {
          const stream = acceptExec();
          stream.stderr.write("sudo: 1 incorrect password attempt\n");
          stream.exit(status);
          stream.end();
        });
      }),
  );
  try {
    const secrets = { [host.name]: { password: "x", sudoPassword: "x" } };
    return (await askHosts([{ ...host, sudo }], secrets, QUESTION, (ran) => stdoutOf(ran, [0])))[0];
  } finally {
    close();
  }
}

test("a sudo that runs nothing as root may have refused the password", async () => {
  expect(await answerOf(1, "password")).toMatchObject({
    problem: expect.stringContaining("incorrect password") as string,
    refusal: { kind: "sudo" },
  });
});

test.each<[number, HostConfig["sudo"]]>([
  [10, "password"],
  [1, "nopasswd"],
  [1, "none"],
])("status %d with sudo %s says nothing of a password, whatever words come with it", async (status, sudo) => {
  const answer = await answerOf(status, sudo);
  expect(answer?.problem).toContain(String(status));
  expect(answer?.refusal).toBeUndefined();
});
