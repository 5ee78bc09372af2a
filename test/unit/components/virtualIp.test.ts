import * as pulumi from "@pulumi/pulumi";
import { hostKeys } from "../../../components/hostKeys";
import { VirtualIp, vrrpPassword } from "../../../components/virtualIp";
import type { VipConfig } from "../../../config/types";
import { sampleConfig } from "../sampleConfig";

const made: { readonly type: string; readonly name: string; readonly inputs: unknown }[] = [];
const VIP: VipConfig = {
  ...{ address: "10.0.0.100", prefix: 24, interface: "eth0", routerId: 100 },
  own: new Map([
    ["proxy-1", "10.0.0.11"],
    ["proxy-2", "10.0.0.12"],
  ]),
};

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      made.push({ type, name, inputs });
      const result = type === "random:index/randomPassword:RandomPassword" ? "Abcd1234" : undefined;
      return { id: name, state: { ...(inputs as object), result } };
    },
    call: ({ token }) => {
      throw new Error(`nothing is asked for, and ${token} was`);
    },
  });
});

beforeEach(() => made.splice(0));

/** An output's value, and whether it is secret, as the SDK has it. */
async function known(output: pulumi.Output<string>): Promise<{ value: string; secret: boolean }> {
  const { promise, isSecret } = output as unknown as {
    promise: () => Promise<string>;
    isSecret: Promise<boolean>;
  };
  return { value: await promise.call(output), secret: await isSecret };
}

test("a preview shows keepalived.conf as one input, and the peer as a line of its own, named by its value", async () => {
  const vip = {
    ...{ address: "10.0.0.100/24", interface: "eth0", routerId: 100 },
    ...{ own: "10.0.0.11", peer: "10.0.0.12", rank: "first" as const },
  };
  const component = new VirtualIp("proxy-1-vip", { host: "proxy-1", vip, conf: "text" }, {});
  await known(component.urn);
  await new Promise((resolve) => setImmediate(resolve));
  expect(made).toEqual([
    {
      type: "lqpt:index:VirtualIp",
      name: "proxy-1-vip",
      inputs: { address: "10.0.0.100/24", interface: "eth0", conf: "text" },
    },
    {
      type: "lqpt:index:VrrpPeer",
      name: "proxy-1:10.0.0.12",
      inputs: { protocol: "vrrp", interface: "eth0" },
    },
  ]);
});

test("the password is one for both hosts, of 8 letters and digits, and secret on its way", async () => {
  const password = vrrpPassword(sampleConfig({ vip: VIP }));
  const keys = hostKeys(undefined, password);
  if (keys === undefined) throw new Error("there are no keys");
  await expect(known(keys)).resolves.toEqual({ value: "vrrp-password Abcd1234\n", secret: true });
  expect(made).toEqual([
    {
      type: "random:index/randomPassword:RandomPassword",
      name: "vip-password",
      inputs: { length: 8, special: false },
    },
  ]);
});

test("with https both travel together", async () => {
  const pem = pulumi.secret("PEM\n");
  const keys = hostKeys({ pem, ca: undefined }, pulumi.output("Abcd1234"));
  if (keys === undefined) throw new Error("there are no keys");
  await expect(known(keys)).resolves.toEqual({ value: "vrrp-password Abcd1234\nPEM\n", secret: true });
});

test("without a shared address nothing is made, and the listener's key travels as it did", () => {
  expect(vrrpPassword(sampleConfig())).toBeUndefined();
  const pem = pulumi.secret("PEM\n");
  expect(hostKeys({ pem, ca: undefined }, undefined)).toBe(pem);
  expect(hostKeys(undefined, undefined)).toBeUndefined();
  expect(made).toEqual([]);
});
