import { withSharedAddress } from "./sharedAddress";
import { SHELLS } from "./shell";

/** As firewall-cmd --list-all-zones prints them. */
const ZONES = (...rules: readonly string[]): string => `public (active)
  target: default
  interfaces: eth0
  sources: 
  services: ssh
  ports: 
  rich rules: 
${rules.map((rule) => `\t${rule}\n`).join("")}
work
  target: default
  interfaces: 
  rich rules: 
`;

const VRRP = 'rule family="ipv4" source address="10.0.0.12" protocol value="vrrp" accept';
const SOURCE = 'rule family="ipv4" source address="203.0.113.9" port port="8864" protocol="tcp" accept';

describe.each(SHELLS)("VRRP's rule, by %s", (_, shell) => {
  const run = (script: string, more: Parameters<typeof withSharedAddress>[2] = {}) =>
    withSharedAddress(shell, script, more);

  const zones = (runtime: string, permanent: string) => ({
    "zones-runtime": runtime,
    "zones-permanent": permanent,
  });
  const PLACE = 'cp "$DIR"/zones-* "$WORK/"; vrrp_zone=$(zone_of eth0); ';

  it("belongs to the zone of the interface, and no other", () => {
    const { stdout } = run(
      `${PLACE}echo $vrrp_zone; has_vrrp runtime public 10.0.0.12 && echo there; has_vrrp permanent public 10.0.0.12 || echo not; has_vrrp runtime work 10.0.0.12 || echo not; has_vrrp runtime public 10.0.0.1 || echo not`,
      {
        files: zones(ZONES(SOURCE, VRRP), ZONES(SOURCE)),
      },
    );
    expect(stdout).toBe("public\nthere\nnot\nnot\nnot\n");
  });

  it("belongs to the zone that is bound to the peer's address, where there is one", () => {
    const bound = `${ZONES()}home\n  sources: 10.9.0.0/16 10.0.0.0/24\n  rich rules: \n`;
    const enters = (text: string) =>
      run(`${PLACE}vrrp_enters eth0 10.0.0.12`, { files: zones(text, "") }).stdout;
    expect([enters(ZONES()), enters(bound), enters(bound.replace("10.0.0.0/24", "10.0.1.0/24"))]).toEqual([
      "public\n",
      "home\n",
      "public\n",
    ]);
  });

  it.each([
    ["nobody else", ZONES(SOURCE, VRRP), ""],
    ["a former peer of ours", ZONES(VRRP, VRRP.replace("10.0.0.12", "10.0.0.99")), ""],
    [
      "somebody else",
      ZONES(VRRP.replace("10.0.0.12", "10.0.0.7")),
      `zone public has the rule: ${VRRP.replace("10.0.0.12", "10.0.0.7")} (runtime)\n`,
    ],
    [
      "everybody by a rule",
      ZONES('rule protocol value="vrrp" accept'),
      'zone public has the rule: rule protocol value="vrrp" accept (runtime)\n',
    ],
    [
      "everybody by a protocol",
      ZONES(VRRP).replace("  ports: \n", "  protocols: 112\n  ports: \n"),
      "zone public lets in protocol 112 (runtime)\n",
    ],
    ["nobody, who is refused", ZONES('rule protocol value="vrrp" drop'), ""],
  ])("is beside what lets in %s", (_, runtime, says) => {
    const { stdout } = run(`${PLACE}echo "public 10.0.0.99" >"$STATE/vrrp"; vrrp_from_others`, {
      files: zones(runtime, ""),
    });
    expect(stdout).toBe(says);
  });

  it.each([
    ["it is in both", VRRP, VRRP, "public 10.0.0.12", true],
    ["it is not for good", VRRP, SOURCE, "public 10.0.0.12", false],
    ["there is one of a former peer too", VRRP, VRRP, "public 10.0.0.12\npublic 10.0.0.99", false],
    ["it is not known for ours", VRRP, VRRP, "", false],
  ])("is in force, or not, where %s", (_, runtime, permanent, known, holds) => {
    const { stdout } = run(
      `${PLACE}printf '%s\\n' '${known}' | grep . >"$STATE/vrrp"; vrrp_in_force && echo yes || echo no`,
      {
        files: zones(ZONES(runtime), ZONES(permanent)),
      },
    );
    expect(stdout).toBe(holds ? "yes\n" : "no\n");
  });

  it("opens the port to nobody, as firewalld and the kernel print it", () => {
    const kernel = `table inet firewalld {\n\tchain filter_IN_public_allow {\n\t\tip saddr 10.0.0.12 meta l4proto vrrp accept\n\t\tip saddr 10.0.0.12 ip protocol 112 accept\n\t}\n}\n`;
    const legacy =
      "*filter\n-A IN_public_allow -s 10.0.0.12/32 -p vrrp -m conntrack --ctstate NEW,UNTRACKED -j ACCEPT\n-A IN_public_allow -s 10.0.0.12/32 -p 112 -j ACCEPT\n";
    const { stdout } = run(
      `${PLACE}zone_openings runtime public 8864; nft_rules public 8864 "" <"$DIR/nft"; ipt_rules public 8864 "" <"$DIR/ipt"; echo end`,
      { files: { ...zones(ZONES(SOURCE, VRRP), ""), nft: kernel, ipt: legacy } },
    );
    expect(stdout).toBe("end\n");
  });

  it("that was added goes again where the run fails, and one that was there stays", () => {
    const { stdout } = run(
      `${PLACE}permanent_zone() { echo /config/zone/1; }; change_source() { echo "$1 \${2:-runtime}"; }; look_both() { cp "$DIR/zones-permanent" "$WORK/zones-runtime"; }; let_vrrp_in && echo in; keep_vrrp_out`,
      { files: zones(ZONES(SOURCE), ZONES(VRRP)) },
    );
    expect(stdout).toBe("add runtime\nin\nremove runtime\n");
  });
});
