import { IPTABLES, NFT } from "./kernelRules";
import { runWithTool, SHELLS } from "./shell";

const FLUSHED = "table inet firewalld {\n}\n";
const LOOK =
  "kernel_look && echo looked; kernel_filters && echo filters; kernel_sources public 8864; echo --";

describe.each(SHELLS)("the kernel, looked at by %s", (_, shell) => {
  /** What stands in for nft and iptables-save prints a file beside it. */
  const look = (
    rules: { readonly nft?: string; readonly ipt?: string; readonly ipt6?: string },
    script = LOOK,
  ) =>
    runWithTool({
      shell,
      script,
      commands: {
        nft: rules.nft === undefined ? "exit 1" : '[ "$*" = "list ruleset" ] && cat "${0%/*}/rules-nft"',
        "iptables-save": rules.ipt === undefined ? "exit 1" : 'cat "${0%/*}/rules-ipt"',
        "ip6tables-save": rules.ipt6 === undefined ? "exit 1" : 'cat "${0%/*}/rules-ipt6"',
        "iptables-legacy-save": "exit 1",
        "ip6tables-legacy-save": "exit 1",
        systemctl: "echo active",
      },
      files: { "rules-nft": rules.nft ?? "", "rules-ipt": rules.ipt ?? "", "rules-ipt6": rules.ipt6 ?? "" },
    }).stdout;

  const BOTH = "203.0.113.9\n203.0.114.0/24\n--\n";

  it("filters where nftables has firewalld's table", () => {
    expect(look({ nft: NFT() })).toBe(`looked\nfilters\n${BOTH}`);
  });

  it("filters where iptables has firewalld's chains", () => {
    expect(look({ ipt: IPTABLES() })).toBe(`looked\nfilters\n${BOTH}`);
    expect(look({ nft: "", ipt: IPTABLES() })).toBe(`looked\nfilters\n${BOTH}`);
  });

  it("names a source once where both show the same rules", () => {
    expect(look({ nft: NFT(), ipt: IPTABLES() })).toBe(`looked\nfilters\n${BOTH}`);
  });

  it("sees what ip6tables lets in", () => {
    const rule = "-A INPUT -s 2001:db8::/32 -j ACCEPT";
    expect(
      look({ nft: NFT(), ipt6: `*filter\n${rule}\nCOMMIT\n` }, "kernel_look; kernel_openings public 8864"),
    ).toBe(`the kernel has, in iptables filter INPUT: ${rule}\n`);
  });

  it.each([
    ["there are no rules", { nft: "", ipt: "" }],
    ["the table was flushed", { nft: FLUSHED }],
    ["the table is another's", { nft: NFT().replace("inet firewalld", "inet filter") }],
    ["its last refusal was taken away", { nft: NFT().replace(/reject with icmpx admin-prohibited/, "") }],
    [
      "only a mention of a drop is left",
      { nft: NFT().replace("\t\treject with", '\t\tip saddr 10.0.0.1 log prefix "reject"\n\t\tcontinue') },
    ],
    ["iptables was flushed", { ipt: IPTABLES().replace(/^-A .*\n/gm, "") }],
    ["iptables was flushed, for IPv4 alone", { ipt: IPTABLES().replace(/^-A .*\n/gm, ""), ipt6: IPTABLES() }],
    [
      "the zones are IPv4's, and the refusal is IPv6's alone",
      { ipt: IPTABLES().replace(/^-A INPUT -j REJECT.*\n/m, ""), ipt6: IPTABLES() },
    ],
    ["iptables refuses only what is invalid", { ipt: IPTABLES().replace(/^-A INPUT -j REJECT.*\n/m, "") }],
    ["iptables has lost the zones", { ipt: IPTABLES().replace("-A INPUT -j INPUT_ZONES\n", "") }],
  ])("does not filter where %s", (_, rules) => {
    expect(look(rules)).toMatch(/^looked\n(?!filters)/);
    expect(look(rules, "filters_for_real && echo yes || echo no")).toBe("no\n");
  });

  it("filters for real where the daemon lives and the rules are there", () => {
    expect(look({ nft: NFT() }, "filters_for_real && echo yes || echo no")).toBe("yes\n");
    expect(
      look({ nft: NFT() }, "systemctl() { echo failed; }; filters_for_real && echo yes || echo no"),
    ).toBe("no\n");
  });

  it("filters where each rule is counted", () => {
    const nft = NFT().replace(/^(\t\t)(?!type)/gm, "$1counter packets 3 bytes 180 ");
    expect(look({ nft })).toContain("looked\nfilters\n");
  });

  it("is not known where neither can be read", () => {
    expect(look({})).toBe("--\n");
    expect(look({}, "filters_for_real && echo yes || echo no")).toBe("no\n");
  });
});
