import { describeLab } from "../../support/prepare";
import { kindsOf } from "../kinds";
import type { PulumiRun } from "../../support/stack";
import type { Figures } from "../../support/agents/watch";
import type { Watch } from "../../support/lab";
import { ADDRESSES, PORT, callLeqi, leqiUrl, sampleValues } from "../../support/samples";
import { commandsOf, makeWorld, must, type World } from "../world";

/** What happens to a stack that already stands, each row on what the row before left. */
interface Change {
  readonly name: string;
  /** Makes the change and ends with a successful `up`. */
  readonly act: (world: World) => Promise<PulumiRun>;
  /** The Commands that the change's `up` runs, in any order. */
  readonly commands: readonly string[];
  /** Where else the machine is meanwhile: nobody can reach it at an address that it does not have. */
  readonly movesTo?: string;
}

const BOTH = ["update proxy-1-state", "update proxy-1-tool"];

/** Replaces a piece of the stack's file, its encrypted secrets included. */
function edit({ stack }: World, from: string, to: string): void {
  stack.writeText(stack.readText().replaceAll(from, to));
}

const NEW_ADDRESS = "203.0.113.77";

const CHANGES: readonly Change[] = [
  {
    name: "the host renamed",
    commands: ["create proxy-a-state", "create proxy-a-tool", "delete proxy-1-state", "delete proxy-1-tool"],
    act: async (world) => {
      edit(world, "proxy-1", "proxy-a");
      const run = await must(world.stack.up());
      expect(run.all).toContain("nothing is to be removed");
      edit(world, "proxy-a", "proxy-1");
      expect(commandsOf(await must(world.stack.up()))).toEqual([
        ...["create proxy-1-state", "create proxy-1-tool", "delete proxy-a-state", "delete proxy-a-tool"],
      ]);
      return run;
    },
  },
  {
    name: "the machine's address changed",
    commands: BOTH,
    movesTo: NEW_ADDRESS,
    act: async (world) => {
      const { address } = world.host;
      await world.host.setAddress(NEW_ADDRESS);
      edit(world, address, NEW_ADDRESS);
      const run = await must(world.stack.up());
      expect((await callLeqi(world.listed, NEW_ADDRESS)).outcome).toBe("answered");
      await world.host.setAddress(address);
      edit(world, NEW_ADDRESS, address);
      await must(world.stack.up());
      return run;
    },
  },
  {
    name: "the host key rotated",
    commands: BOTH,
    act: async (world) => {
      const old = world.host.hostKey("ed25519");
      await world.host.exec(
        "rm /etc/ssh/ssh_host_ed25519_key* && ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key && systemctl restart ssh",
      );
      const [type, key] = (await world.host.readFile("/etc/ssh/ssh_host_ed25519_key.pub")).split(" ");
      edit(world, old, `${type ?? ""} ${key ?? ""}`);
      return must(world.stack.up());
    },
  },
  {
    name: "the SSH key rotated",
    commands: BOTH,
    act: async (world) => {
      await world.host.mustExec(
        "ssh-keygen -q -t ed25519 -N '' -f /root/new && cat /root/new.pub >/root/.ssh/authorized_keys",
      );
      expect((await world.host.ssh("true")).exitCode).toBe(255);
      await world.stack.setSecrets({ "proxy-1.privateKey": await world.host.readFile("/root/new") });
      await world.host.exec("rm /root/new /root/new.pub");
      return must(world.stack.up());
    },
  },
  {
    name: "key replaced by password, and the password rotated",
    commands: BOTH,
    act: async (world) => {
      await world.host.exec(
        "useradd -m ops && echo ops:first | chpasswd && echo 'ops ALL=(root) NOPASSWD: ALL' >/etc/sudoers.d/ops",
      );
      edit(world, "user: root", "user: ops");
      edit(world, "auth: key", "auth: password");
      world.stack.dropSecret("proxy-1", "privateKey");
      await world.stack.setSecrets({ "proxy-1.password": "first" });
      await must(world.stack.up());
      await world.host.exec("echo ops:second | chpasswd");
      await world.stack.setSecrets({ "proxy-1.password": "second" });
      return must(world.stack.up());
    },
  },
  {
    name: "lqptctl's version raised",
    commands: BOTH,
    act: async ({ stack }) => {
      stack.replaceInProgram("package.json", /"version": "[0-9.]+"/, '"version": "9.9.9"');
      return must(stack.up());
    },
  },
  {
    name: "the stack renamed",
    commands: [],
    act: async ({ stack }) => {
      await stack.rename("acme-renamed");
      return must(stack.up());
    },
  },
  {
    name: "the state put back to an older version",
    commands: ["update proxy-1-state"],
    act: async ({ stack }) => {
      const older = await stack.exportState();
      stack.change({ allow: { [ADDRESSES.listed]: "ACME back office", "203.0.113.55": "ACME second site" } });
      await must(stack.up());
      await stack.importState(older);
      return must(stack.up());
    },
  },
  {
    name: "a source widened to its network, and narrowed again",
    commands: ["update proxy-1-state"],
    act: async ({ stack, listed, host }) => {
      const watch = await listed.watch({ url: leqiUrl(host.address), perSecond: 20 });
      try {
        stack.change({ allow: { "203.0.113.0/28": "ACME back offices" } });
        await must(stack.up());
        stack.change({ allow: { [ADDRESSES.listed]: "ACME back office" } });
        return await must(stack.up());
      } finally {
        expect(await watch.stop()).toMatchObject({ failed: 0 });
      }
    },
  },
  {
    name: "`--target` on the whitelist alone, then on the host's state",
    commands: ["update proxy-1-state"],
    act: async ({ stack }) => {
      stack.change({ allow: { [ADDRESSES.listed]: "ACME back office", "203.0.113.55": "ACME second site" } });
      const declared = await must(stack.up("--target", "**proxy-1:203.0.113.55"));
      expect(commandsOf(declared)).toEqual([]);
      const applied = await must(stack.up("--target", "**proxy-1-state"));
      // What is left is to take note of what the host already has.
      expect(commandsOf(await must(stack.up()))).toEqual([]);
      return applied;
    },
  },
  {
    name: "a run killed in the middle",
    commands: ["update proxy-1-state"],
    act: async ({ stack, host }) => {
      stack.change({ allow: { [ADDRESSES.listed]: "ACME back office", "203.0.113.56": "ACME third site" } });
      await stack.upKilledWhen(async () => (await host.exec("test -e /var/lib/lqpt/pending")).exitCode === 0);
      await stack.cli(["cancel", "--yes", "--stack", stack.name]);
      return must(stack.up());
    },
  },
];

/** Watches at the given addresses while something is done; the watches end whatever becomes of it. */
async function watching<Result>(
  world: World,
  addresses: readonly string[],
  act: () => Promise<Result>,
): Promise<{ result: Result; strangers: Figures[]; listeds: Figures[] }> {
  const strangers: Watch[] = [];
  const listeds: Watch[] = [];
  const ended = { strangers: [] as Figures[], listeds: [] as Figures[] };
  const stop = (watches: readonly Watch[]) => Promise.all(watches.map((watch) => watch.stop()));
  let result: Result;
  try {
    for (const address of addresses) {
      strangers.push(await world.stranger.watch({ address, port: PORT, perSecond: 100 }));
      listeds.push(await world.vendor.watch({ url: leqiUrl(address), perSecond: 20 }));
    }
    result = await act();
  } finally {
    ended.strangers = await stop(strangers);
    ended.listeds = await stop(listeds);
  }
  return { result, ...ended };
}

describeLab.each(kindsOf("bookworm"))("a change to a stack that stands, on %s", (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({ kind }, false);
    await must(world.stack.up());
  });
  afterAll(() => world.stop());

  it.each(CHANGES.map((change) => [change.name, change] as const))(
    "%s: runs only what it must, lets no stranger in, fails no listed client, and settles",
    async (_, { act, commands, movesTo }) => {
      const { address } = world.host;
      const addresses = movesTo === undefined ? [address] : [address, movesTo];
      const { result, strangers, listeds } = await watching(world, addresses, () => act(world));
      expect(commandsOf(result)).toEqual(commands);
      // Whole, so that a failure says when it was and how the other tries ended.
      for (const figures of strangers) {
        expect(figures).toMatchObject({ handshakes: 0 });
        expect(figures.attempts).toBeGreaterThan(50);
      }
      for (const { attempts, succeeded } of listeds) {
        expect(attempts).toBeGreaterThan(10);
        expect(succeeded).toBeGreaterThan(0);
      }
      if (movesTo === undefined) {
        expect(listeds).toMatchObject([{ failed: 0 }]);
      }
      expect((await callLeqi(world.listed, address)).outcome).toBe("answered");
      expect((await must(world.stack.up())).steps).toEqual([]);
    },
  );

  it("another machine at another address: it is set up from nothing, and the old one keeps its list", async () => {
    const second = await world.lab.host("proxy-2", { kind });
    const hosts = { "proxy-1": sampleValues(second).hosts["proxy-2"] };
    world.stack.change({ hosts });
    world.stack.dropSecret("proxy-1", "password");
    await world.stack.setSecrets({ "proxy-1.privateKey": world.lab.operatorKey });
    const run = await must(world.stack.up());
    expect(commandsOf(run)).toEqual(BOTH);
    for (const { address } of [world.host, second]) {
      expect((await callLeqi(world.listed, address)).outcome).toBe("answered");
      expect(await world.stranger.connects(address, PORT)).not.toBe("open");
    }
    expect((await must(world.stack.up())).steps).toEqual([]);
  });
});
