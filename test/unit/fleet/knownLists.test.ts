import { rmSync } from "node:fs";
import { formatNetwork } from "../../../config/addresses";
import { ProjectFolder } from "../../../config/projectFolder";
import { knownLists } from "../../../fleet/knownLists";
import { SMALL, type Values } from "../config/stacks";
import { makeFolder } from "./folder";
import { sound } from "./plan/fleets";

const LISTS = { prod: "52.82.125.155", sandbox: "68.79.14.3", own: "203.0.113.9" };

describe("what the environments' files say of a new stack's list", () => {
  let folder: string;
  beforeEach(() => (folder = makeFolder()));
  afterEach(() => rmSync(folder, { recursive: true }));
  const known = (more: Values) => {
    const { config } = sound({ ...SMALL, allow: { [LISTS.own]: "ACME" }, ...more });
    const { inherited, unwanted } = knownLists(new ProjectFolder(folder), config);
    return {
      inherited: inherited.map(formatNetwork),
      unwanted: unwanted.map(({ network, environment }) => `${environment} ${formatNetwork(network)}`),
    };
  };

  test("in the public cloud it inherits its environment's, and must not have the other's", () => {
    const { inherited, unwanted } = known({});
    expect(inherited).toContain(LISTS.prod);
    expect(inherited).not.toContain(LISTS.own);
    expect(unwanted).toContain(`sandbox ${LISTS.sandbox}`);
    expect(unwanted.filter((one) => one.startsWith("prod"))).toEqual([]);
  });

  test("in a private cloud it inherits none, and must have none", () => {
    const { inherited, unwanted } = known({ topology: "private-cloud" });
    expect(inherited).toEqual([]);
    expect(unwanted).toEqual(expect.arrayContaining([`sandbox ${LISTS.sandbox}`, `prod ${LISTS.prod}`]));
  });

  test("an environment without a file has no list", () => {
    rmSync(`${folder}/Pulumi.sandbox.yaml`);
    expect(known({}).unwanted).toEqual([]);
  });
});
