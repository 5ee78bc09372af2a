import { runWithTool, SHELLS } from "./shell";

/**
 * Two interfaces, and a network without a way back, where a batch ends unless it is forced on. A function, which every
 * shell prefers to an applet of its own.
 */
const ROUTES = `
ip() {
	case $* in *-batch*) ;; *) return 1 ;; esac
	while read -r route get address; do
		case $route.$get.$address in
		route.get.10.*) printf '%s dev eth1 src 10.0.0.5 uid 0 \\n    cache \\n' "$address" ;;
		route.get.192.0.2.*)
			echo "RTNETLINK answers: Network is unreachable" >&2
			case $* in *-force*) ;; *) return 1 ;; esac
			;;
		*) printf '%s via 203.0.113.1 dev eth0 src 203.0.113.10 uid 0 \\n    cache \\n' "$address" ;;
		esac
	done
}
`;
/** As firewalld lists its zones: the interface of eth1 is internal's, and nothing is bound to public, its default. */
const ZONES = ["block", "dmz", "internal (active)\n  interfaces: eth2 eth1", "public", "trusted", "work"];
const LISTING = ZONES.map((zone) => `${zone}\n  services: ssh\n`).join("\n");
const ASKED = `echo "$*" >>"$0.asked"; case $* in
--list-all-zones) cat "\${0%/*}/listing" ;;
--get-default-zone) echo public ;;
*) exit 2 ;;
esac`;

describe.each(SHELLS)("the zone that the traffic enters, found by %s", (_, shell) => {
  const findWith = (files: Readonly<Record<string, string>>, wanted: string, ...allow: readonly string[]) =>
    runWithTool({
      shell,
      script: `${ROUTES}printf '%s\\n' ${allow.join(" ")} >"$WORK/allow"; look runtime; find_zone ${wanted}; cat "$WORK/found-zone"`,
      commands: { "firewall-cmd": ASKED },
      files: { listing: LISTING, ...files },
    });
  const find = (wanted: string, ...allow: readonly string[]) =>
    findWith({ "etc/firewalld/firewalld.conf": "# x\nDefaultZone=public\nLockdown=no\n" }, wanted, ...allow);

  it.each([
    ["the file says it", { "etc/firewalld/firewalld.conf": "DefaultZone=work\n" }, "work"],
    [
      "the file is silent and the daemon says it",
      { "etc/firewalld/firewalld.conf": "# nothing\n" },
      "public",
    ],
    ["there is no file and the daemon says it", {}, "public"],
  ])("is the default one where %s", (_, files, zone) => {
    expect(findWith(files, "auto", "203.0.113.9").stdout).toBe(`${zone}\n`);
  });

  it.each([
    [
      "the default zone's, where firewalld knows no other",
      "auto",
      ["203.0.113.9", "198.51.100.0/28"],
      "public",
    ],
    ["the interface's own", "auto", ["10.0.0.9", "10.1.0.0/16"], "internal"],
    ["the default one, where no source has a way back", "auto", ["192.0.2.1"], "public"],
    ["that of the sources that have a way back", "auto", ["192.0.2.1", "10.0.0.9"], "internal"],
    ["the one that the config names", "dmz", ["203.0.113.9"], "dmz"],
  ])("is %s", (_, wanted, allow, zone) => {
    expect(find(wanted, ...allow)).toMatchObject({ status: 0, stdout: `${zone}\n` });
  });

  it("is asked for where there are two", () => {
    const { status, stderr } = find("auto", "203.0.113.9", "10.0.0.9");
    expect(status).toBe(10);
    expect(stderr).toContain("[E_ZONE] the allowed sources come in through several zones (internal public )");
    expect(stderr).toContain("lqpt:firewall.zone");
  });

  it.each(["nowhere", "pub", "public.work"])("is refused where it does not exist: %s", (zone) => {
    const { status, stderr } = find(zone, "203.0.113.9");
    expect(status).toBe(10);
    expect(stderr).toContain(
      `[E_ZONE] zone ${zone} does not exist here; expected one of: block dmz internal public trusted work`,
    );
  });
});
