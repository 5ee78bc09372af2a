import { type CommandsInState, leftBehind, patiently } from "../../../components/untouched";

const COMMAND = "command:remote:Command";
const known = (...names: string[]): CommandsInState => new Map(names.map((name) => [name, COMMAND]));
const kept = (...names: string[]) =>
  leftBehind("proxy-1", known(...names)).map(({ resource, was }) => [was, resource]);

test("what a host has in the state is kept under other names, so that its return makes all of it anew", () => {
  expect(kept("proxy-1-tool", "proxy-1-state", "proxy-1-piece-0123456789ab-3")).toEqual([
    ["proxy-1-tool", "proxy-1-tool.left"],
    ["proxy-1-state", "proxy-1-state.left"],
    ["proxy-1-piece-0123456789ab-3", "proxy-1-piece-0123456789ab-3.left"],
  ]);
});

test("what was left before stays as it is", () => {
  expect(kept("proxy-1-tool.left")).toEqual([[undefined, "proxy-1-tool.left"]]);
});

test("after a return that was cut off both are kept", () => {
  expect(kept("proxy-1-tool.left", "proxy-1-tool")).toEqual([
    [undefined, "proxy-1-tool.left"],
    ["proxy-1-tool", "proxy-1-tool.left.left"],
  ]);
});

test("other hosts' are left alone, whatever they are called", () => {
  expect(kept("proxy-1-piece-state", "proxy-1-piece-tool.left", "proxy-10-tool", "a-proxy-1-tool")).toEqual(
    [],
  );
});

test("a state that is being written is read again; one that cannot be read is told as it was told", async () => {
  const answers = [new Error("EOF"), new Error("EOF"), "whole"];
  const ask = () => {
    const answer = answers.shift();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  await expect(patiently(ask, [1, 1])).resolves.toBe("whole");
  const broken = jest.fn(() => Promise.reject(new Error("no such stack")));
  await expect(patiently(broken, [1, 1])).rejects.toThrow("no such stack");
  expect(broken).toHaveBeenCalledTimes(3);
});
