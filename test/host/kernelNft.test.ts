import { chain, NFT_BYPASSES, NFT_HARMLESS } from "./kernelNftRows";
import { NFT } from "./kernelRules";
import { runWithTool, SHELLS } from "./shell";

const read = (shell: readonly string[], rules: string, state: Readonly<Record<string, string>> = {}) => {
  const { stdout, stderr } = runWithTool({
    shell,
    script: `cp "$DIR/rules" "$WORK/kernel-nft"; : >"$WORK/kernel-ipt"
kernel_sources public 8864; echo --; kernel_openings public 8864`,
    files: { rules, ...state },
  });
  expect(stderr).toBe("");
  const [sources = "", openings = ""] = stdout.split("--\n");
  return { sources: sources.split("\n").filter(Boolean), openings };
};

const OURS = ["203.0.113.9", "203.0.114.0/24"];

describe.each(SHELLS)("nftables' rules, read by %s", (_, shell) => {
  it("let in whom rules like ours name", () => {
    expect(read(shell, NFT()).sources).toEqual(OURS);
  });

  it.each([
    ["as firewalld 0.9.3 has them", "ip saddr 10.0.0.1 tcp dport 8864 ct state { new, untracked } accept"],
    ["in today's words", "ip saddr 10.0.0.1 tcp dport 8864 ct state new,untracked accept"],
    [
      "with a counter, as firewalld 2.3 can",
      "ip saddr 10.0.0.1 tcp dport 8864 counter packets 12 bytes 720 accept",
    ],
  ])("let in a source %s", (_, allow) => {
    expect(read(shell, NFT({ allow }))).toEqual({ sources: ["10.0.0.1", ...OURS], openings: "" });
  });

  it("let in a source of a zone that was ours and whose rules are to go", () => {
    const rules = NFT({ chains: chain("filter_IN_work_allow", "ip saddr 10.0.0.1 tcp dport 8864 accept") });
    expect(read(shell, rules, { "state/place": "work 8864 0.0.0.0\n" })).toEqual({
      sources: ["10.0.0.1", ...OURS],
      openings: "",
    });
  });

  it.each(NFT_BYPASSES)("that let somebody pass are told: %s", (_, extra, told) => {
    const { sources, openings } = read(shell, NFT(extra));
    expect(openings).toContain("the kernel has, in table ");
    expect(openings).toContain(told);
    expect(openings.trimEnd()).not.toContain("\n");
    expect(sources).toEqual(OURS);
  });

  it.each(NFT_HARMLESS)("that let nobody pass are not told: %s", (_, extra) => {
    expect(read(shell, NFT(extra))).toEqual({ sources: OURS, openings: "" });
  });

  it("are all told, where there are several", () => {
    expect(
      read(shell, NFT({ input: "accept", allow: "tcp dport 8864 accept" })).openings.split("\n"),
    ).toHaveLength(3);
  });
});
