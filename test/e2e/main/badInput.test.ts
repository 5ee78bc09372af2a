import { describeLab } from "../../support/prepare";
import type { Host, HostOptions } from "../../support/lab";
import { PORT, callLeqi } from "../../support/samples";
import { dials, fingerprint, makeWorld, type World } from "../world";

/** A machine or a file that cannot be: what `up` says of it, word by word where a person acts on it. */
interface Mistake {
  readonly name: string;
  readonly make?: (world: World) => Promise<void> | void;
  readonly says: readonly string[];
  /** A line of shell that undoes on the machine what `make` did there. */
  readonly mend?: string;
}

function edit({ stack }: World, from: string | RegExp, to: string): void {
  const before = stack.readText();
  const after = before.replace(from, to);
  if (after === before) {
    throw new Error(`the stack's file has no ${String(from)}`);
  }
  stack.writeText(after);
}

const UNTOUCHED = "nothing on this host was changed";
const HOST_KEY = /hostKey: .*/;

/** Each is found before any SSH. */
const FILES: readonly Mistake[] = [
  {
    name: "no host key",
    make: (world) => {
      edit(world, HOST_KEY, "");
    },
    says: ["lqpt:hosts.proxy-1.hostKey", "ssh-keyscan"],
  },
  {
    name: "an RSA host key",
    make: (world) => {
      edit(world, HOST_KEY, `hostKey: ${world.host.hostKey("rsa")}`);
    },
    says: ["lqpt:hosts.proxy-1.hostKey", "ssh-rsa", "ed25519"],
  },
  {
    name: "an unknown key",
    make: (world) => {
      edit(world, "lqpt:listen:", "lqpt:listn:");
    },
    says: ["lqpt:listn", "lqpt:listen"],
  },
  {
    name: "a wrong type",
    make: (world) => {
      edit(world, /tls: none/, "tls: none\n    port: high");
    },
    says: ["lqpt:listen.port", "high"],
  },
  {
    name: "an address that is none",
    make: (world) => {
      edit(world, "203.0.113.9:", "203.0.113.999:");
    },
    says: ["203.0.113.999"],
  },
  {
    name: "an unquoted Leqi ID",
    make: (world) => {
      edit(world, /lqpt:leqiId: .*/, "lqpt:leqiId: 0012345");
    },
    says: ["lqpt:leqiId", "quotes"],
  },
];

/** Each is found by dialling the machine. */
const WAYS_IN: readonly Mistake[] = [
  {
    name: "a wrong host key",
    make: (world) => {
      edit(world, HOST_KEY, `hostKey: ${OTHER_KEY}`);
    },
    says: ["host key mismatch"],
  },
  {
    name: "SSH refused",
    make: (world) => {
      edit(world, "user: root", "user: root\n      port: 2022");
    },
    says: ["connection refused"],
  },
  {
    name: "no right to sudo",
    make: (world) => asUser(world, "nobody-special", "# none"),
    says: ["sudo", "sudoers rule", "nothing was changed"],
  },
  {
    name: "a sudo that wants a tty",
    make: (world) =>
      asUser(world, "tty-user", "Defaults:tty-user requiretty\ntty-user ALL=(root) NOPASSWD: ALL"),
    says: ["you must have a tty", "without requiretty", "nothing was changed"],
  },
  {
    name: "a sudo that allows some commands only",
    make: (world) => asUser(world, "some-user", "some-user ALL=(root) NOPASSWD: /usr/bin/systemctl"),
    says: ["sudo did not run this as root", "allows ALL commands", "nothing was changed"],
  },
  {
    name: "a machine with su alone",
    make: async (world) => {
      await world.host.mustExec("mv /usr/bin/sudo /usr/bin/no-sudo");
      await asUser(world, "su-user", "# none");
    },
    says: ["there is no sudo here", "or user: root", "nothing was changed"],
    mend: "mv /usr/bin/no-sudo /usr/bin/sudo",
  },
  {
    name: "a user who may not log in",
    make: async (world) => {
      await asUser(world, "nobody-at-all", "# none");
      await world.host.mustExec("usermod -s /usr/sbin/nologin nobody-at-all");
    },
    says: ["This account is currently not available"],
  },
  {
    name: "the port taken by another program",
    make: async ({ host }) => {
      await occupy(host, PORT);
    },
    says: ["E_PORT_TAKEN", "python3", UNTOUCHED],
    mend: vacate(PORT),
  },
  {
    name: "firewalld off and something else listening",
    make: async ({ host }) => {
      await occupy(host, 9000);
    },
    says: ["E_LISTENERS", "python3 on tcp 9000", UNTOUCHED],
    mend: vacate(9000),
  },
  {
    name: "a package mirror that is down",
    make: ({ lab }) => lab.mirror.stop(),
    says: ["E_PACKAGES", "nginx could not be installed", UNTOUCHED],
  },
];

const MACHINES: readonly (Mistake & { readonly options: HostOptions })[] = [
  { name: "one core", options: { cores: 1 }, says: ["E_CORES", "1 core", "at least 2", UNTOUCHED] },
  {
    name: "1 GiB of memory",
    options: { memoryMiB: 1024 },
    says: ["E_MEMORY", "1024 MiB", "1536 MiB", UNTOUCHED],
  },
  {
    name: "two things wrong at once",
    options: { cores: 1, memoryMiB: 1024 },
    says: ["[E_CORES] the machine has 1 core", "[E_MEMORY] the machine has 1024 MiB", UNTOUCHED],
  },
];

/** Starts another program that listens, and waits until it does. */
async function occupy(host: Host, port: number): Promise<void> {
  const at = String(port);
  await host.mustExec(
    `systemd-run -q --unit=other-${at} python3 -m http.server ${at}; until ss -ltn | grep -q ":${at} "; do sleep 0.1; done`,
  );
}

/** A line of shell that ends that program. */
function vacate(port: number): string {
  return `systemctl stop other-${String(port)}`;
}

const OTHER_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0";

async function asUser(world: World, user: string, sudoers: string): Promise<void> {
  await world.host.exec(
    `useradd -m -s /bin/sh ${user} && install -d -o ${user} /home/${user}/.ssh && cp /root/.ssh/authorized_keys /home/${user}/.ssh/ && chown ${user} /home/${user}/.ssh/authorized_keys && cat >/etc/sudoers.d/${user}`,
    { input: `${sudoers}\n` },
  );
  edit(world, "user: root", `user: ${user}`);
}

/** The mistake's own `up`: fails, says what it must, and leaves the machine as it was. */
async function expectRefusal(world: World, { make, says }: Mistake): Promise<void> {
  await make?.(world);
  const before = await fingerprint(world.host);
  const { exitCode, all } = await world.stack.up();
  for (const words of says) {
    expect(all).toContain(words);
  }
  expect(exitCode).not.toBe(0);
  expect(all).not.toMatch(/at .*\.ts:\d+|unhandled/i);
  expect(await fingerprint(world.host)).toBe(before);
}

/** One machine for all of these: each leaves it as it was, or is mended. */
function describeOnOneHost(what: string, test: (world: () => World) => void): void {
  describeLab(what, () => {
    let world: World;
    let good: string;
    beforeAll(async () => {
      world = await makeWorld({}, false);
      good = world.stack.readText();
    });
    beforeEach(() => {
      world.stack.writeText(good);
    });
    afterAll(() => world.stop());
    test(() => world);
  });
}

/** Nothing reached Leqi through the machine: nothing serves there. */
async function expectNothingServed({ lab, listed, host }: World): Promise<void> {
  await callLeqi(listed, host.address);
  expect(await lab.leqi.requests()).toEqual([]);
}

describeOnOneHost("a mistake", (world) => {
  it.each(FILES.map((mistake) => [mistake.name, mistake] as const))(
    "in the stack's file, %s, is told before any SSH",
    async (_, mistake) => {
      await expectRefusal(world(), mistake);
      expect(await dials(world().host)).toBe(0);
    },
  );
});

const REFUSED = "%s: is refused in one clear message and left as it was";

describeOnOneHost("a machine that cannot be dialled, or has what is in the way", (world) => {
  it.each(WAYS_IN.map((row) => [row.name, row] as const))(REFUSED, async (_, row) => {
    await expectRefusal(world(), row);
    await expectNothingServed(world());
    await world().host.mustExec(row.mend ?? "true");
  });
});

describeLab("a machine that is not as it should be", () => {
  it.each(MACHINES.map((row) => [row.name, row] as const))(REFUSED, async (_, row) => {
    const world = await makeWorld(row.options, false);
    try {
      await expectRefusal(world, row);
      await expectNothingServed(world);
    } finally {
      await world.stop();
    }
  });
});
