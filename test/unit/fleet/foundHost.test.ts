import type { FoundMachine } from "../../../documents/doctorReport";
import { refuseUnusedPort } from "../../../fleet/foundHost";

describe("a port that nothing on the machines has to do with", () => {
  const machine = (more: object, proxy: object = {}): ReadonlyMap<string, FoundMachine> =>
    new Map([
      [
        "proxy-1",
        {
          listeners: ["sshd on tcp 0.0.0.0:22"],
          proxy: { servesTls: null, sources: [], openings: [], ...proxy },
          ...more,
        } as unknown as FoundMachine,
      ],
    ]);

  test("is refused, with what listens", () => {
    expect(() => refuseUnusedPort(machine({}), 8864)).toThrow(
      /^nothing listens on port 8864 .*What listens: proxy-1: sshd on tcp 0\.0\.0\.0:22\./,
    );
    expect(() => refuseUnusedPort(machine({ listeners: [] }), 8864)).toThrow(/proxy-1: nothing\./);
  });

  test.each([
    ["a listener", machine({ listeners: ["nginx on tcp 0.0.0.0:8864"] })],
    ["a site", machine({}, { servesTls: false })],
    ["a rule", machine({}, { sources: [{ source: "203.0.113.9" }] })],
    ["an opening", machine({}, { openings: ["zone public has port 8864/tcp"] })],
  ])("is none where there is %s", (_, machines) => {
    expect(() => refuseUnusedPort(machines, 8864)).not.toThrow();
  });
});
