import fc from "fast-check";
import {
  collapse,
  compareNetworks,
  contains,
  formatNetwork,
  type Network,
  overlap,
  parseAddress,
  parseNetwork,
} from "../../../config/addresses";

const ALL = 2 ** 32;

const network = fc
  .tuple(fc.integer({ min: 0, max: ALL - 1 }), fc.integer({ min: 0, max: 32 }))
  .map(([address, prefix]): Network => ({ base: address - (address % 2 ** (32 - prefix)), prefix }));

// Few addresses, so that networks meet: nested, equal, side by side.
const crowded = fc
  .tuple(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 26, max: 32 }))
  .map(([address, prefix]): Network => ({ base: address - (address % 2 ** (32 - prefix)), prefix }));

test("what is written is read back as the same network", () => {
  fc.assert(
    fc.property(network, (one) => expect(parseNetwork(formatNetwork(one))).toEqual({ network: one })),
  );
});

test("what is read is written back as the same text", () => {
  const part = fc.integer({ min: 0, max: 255 });
  const address = fc.tuple(part, part, part, part).map((parts) => parts.join("."));
  fc.assert(
    fc.property(address, (text) => {
      const { network: parsed } = parseNetwork(text);
      expect(parsed && formatNetwork(parsed)).toBe(text);
    }),
  );
});

test("only the canonical spelling is read", () => {
  const text = fc.stringMatching(/^[0-9./ a:１。]{1,20}$/u);
  fc.assert(
    fc.property(text, (written) => {
      const { network: parsed } = parseNetwork(written);
      if (parsed !== undefined)
        expect([formatNetwork(parsed), `${formatNetwork(parsed)}/32`]).toContain(written);
    }),
  );
});

test("a collapsed list admits exactly the addresses of the list written", () => {
  fc.assert(
    fc.property(fc.array(crowded, { maxLength: 12 }), (written) => {
      const kept = collapse(written.map((one) => ({ network: one }))).map(
        ({ kept: { network: one } }) => one,
      );
      for (let address = 0; address < 64; address++) {
        const one = { base: address, prefix: 32 };
        expect(kept.some((net) => contains(net, one))).toBe(written.some((net) => contains(net, one)));
      }
    }),
  );
});

test("a collapsed list is in numeric order, its entries are apart, and none written is lost", () => {
  fc.assert(
    fc.property(fc.array(crowded, { maxLength: 12 }), (written) => {
      const collapsed = collapse(written.map((one) => ({ network: one })));
      const kept = collapsed.map(({ kept: { network: one } }) => one);
      expect([...kept].sort(compareNetworks)).toEqual(kept);
      kept.forEach((a) => kept.forEach((b) => expect(contains(a, b)).toBe(a === b)));
      expect(collapsed.flatMap(({ kept: one, absorbed }) => [one, ...absorbed])).toHaveLength(written.length);
    }),
  );
});

test("one network contains another exactly if it contains its first and last address", () => {
  const last = ({ base, prefix }: Network): number => base + 2 ** (32 - prefix) - 1;
  fc.assert(
    fc.property(network, network, (a, b) => {
      expect(contains(a, b)).toBe(a.base <= b.base && last(b) <= last(a));
    }),
  );
});

test("two networks overlap exactly if they have an address in common", () => {
  const last = ({ base, prefix }: Network): number => base + 2 ** (32 - prefix) - 1;
  fc.assert(
    fc.property(crowded, crowded, (a, b) => {
      expect(overlap(a, b)).toBe(a.base <= last(b) && b.base <= last(a));
    }),
  );
});

test("neighbours stay two entries, each as it was written", () => {
  const networks = ["10.0.0.0", "10.0.0.1"].map((text) => parseNetwork(text).network as Network);
  expect(collapse(networks.map((one) => ({ network: one }))).map(({ kept }) => kept.network)).toEqual(
    networks,
  );
});

test.each([
  [
    "10.0.0.5/24",
    "host bits are set beyond the prefix /24",
    "write 10.0.0.0/24 for the whole network, or 10.0.0.5 for the one address",
  ],
  [
    "128.0.0.1/1",
    "host bits are set beyond the prefix /1",
    "write 128.0.0.0/1 for the whole network, or 128.0.0.1 for the one address",
  ],
  [
    "0.0.0.1/0",
    "host bits are set beyond the prefix /0",
    "write 0.0.0.0/0 for the whole network, or 0.0.0.1 for the one address",
  ],
  ["10.0.0.05", "a number has leading zeros, which some programs read as octal", "write it without them"],
  ["10.0.0.0/08", "a number has leading zeros, which some programs read as octal", "write it without them"],
  ["10.0.0.256", "a part of the address is greater than 255", undefined],
  ["10.0.0.0/33", "the prefix is longer than 32", undefined],
  ["10.0.0", "this is not an IPv4 address or CIDR", undefined],
  ["10.0.0.1-9", "this is not an IPv4 address or CIDR", undefined],
  ["10.0.0.0/255.0.0.0", "this is not an IPv4 address or CIDR", undefined],
  ["0x0a.0.0.1", "this is not an IPv4 address or CIDR", undefined],
  ["proxy.example.com", "this is not an IPv4 address or CIDR", undefined],
  ["", "this is not an IPv4 address or CIDR", undefined],
  [" 10.0.0.1", "there is a space in it", "write it without spaces"],
  ["10.0.0.1\n", "there is a space in it", "write it without spaces"],
  ["　10.0.0.1", "there is a space in it", "write it without spaces"],
  ["１０.0.0.1", "it holds full-width digits: １ ０", "write 10.0.0.1"],
  ["10。0．0.1", "it holds full-width punctuation: 。 ．", "write 10.0.0.1"],
  ["１０．０．０．０／24", "it holds full-width digits and punctuation: １ ０ ． ／", "write 10.0.0.0/24"],
  ["10.0.0.1，", "it holds full-width punctuation: ，", "write 10.0.0.1"],
  ["10.0.0.1；", "it holds full-width punctuation: ；", "write 10.0.0.1"],
  [
    "10.0.0.1；10.0.0.2",
    "it holds full-width punctuation: ；",
    "write it with the keyboard's ASCII digits and dots",
  ],
  [
    "ｐｒｏｘｙ",
    "it holds full-width letters: ｐ ｒ ｏ ｘ ｙ",
    "write it with the keyboard's ASCII digits and dots",
  ],
  ["10.0.0.1\u200b", "it holds a character that cannot be seen, U+200B", "write 10.0.0.1"],
  [
    "10.0.0.é",
    "it holds a character that is not ASCII, é (U+00E9)",
    "write it with the keyboard's ASCII digits and dots",
  ],
  [
    "10.0.0.1,",
    "there is a comma or semicolon in it",
    "write one address or CIDR per entry, and nothing after it",
  ],
  [
    "10.0.0.1;10.0.0.2",
    "there is a comma or semicolon in it",
    "write one address or CIDR per entry, and nothing after it",
  ],
  [
    "[2001:db8::1]",
    "this is an IPv6 address; sources are IPv4 only, and the port is closed on IPv6",
    "name the IPv4 address that the proxy sees the caller come from",
  ],
  [
    "2001:db8::/32",
    "this is an IPv6 address; sources are IPv4 only, and the port is closed on IPv6",
    "name the IPv4 address that the proxy sees the caller come from",
  ],
  [
    "::ffff:10.0.0.1",
    "this is an IPv6 address; sources are IPv4 only, and the port is closed on IPv6",
    "name the IPv4 address that the proxy sees the caller come from",
  ],
])("%j is refused with its reason", (text, problem, next) => {
  expect(parseNetwork(text)).toEqual(next === undefined ? { problem } : { problem, next });
});

test("a network is not one address", () => {
  expect(parseAddress("10.0.0.0/24")).toEqual({ problem: "this is a network, not one address" });
});
