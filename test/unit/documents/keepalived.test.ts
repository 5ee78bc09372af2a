import type { StackConfig } from "../../../config/types";
import { renderDocument } from "../../../documents/document";
import { renderKeepalived } from "../../../documents/keepalived";
import { sharedAddress } from "../../../documents/vip";
import { sampleConfig, sampleHost } from "../sampleConfig";

const hosts = [
  { ...sampleHost, name: "proxy-2", address: "10.0.0.12" },
  { ...sampleHost, address: "10.0.0.11" },
];
const vip: StackConfig["vip"] = {
  ...{ address: "10.0.0.100", prefix: 24, interface: "bond0.7", routerId: 100 },
  own: new Map(hosts.map(({ name, address }) => [name, address])),
};
const pair = sampleConfig({ hosts, vip });

/** keepalived.conf of one host of the pair. */
function confOf(name: string): string {
  const shared = sharedAddress(pair, { name });
  if (shared === undefined) throw new Error("there is no shared address");
  return renderKeepalived(pair.id, name, shared);
}

describe("keepalived.conf", () => {
  it("reads as a person would want it", () => {
    expect(confOf("proxy-1")).toMatchSnapshot();
  });

  it("is the same on both hosts but for whose it is, and neither is told to take the address back", () => {
    const [first, second] = ["proxy-1", "proxy-2"].map((name) => confOf(name).split("\n"));
    const differing = first?.flatMap((line, index) =>
      line === second?.[index] ? [] : [line.trim(), second?.[index]?.trim()],
    );
    expect(differing).toEqual([
      ...["router_id proxy-1", "router_id proxy-2"],
      ...["priority 254", "priority 253"],
      ...["unicast_src_ip 10.0.0.11", "unicast_src_ip 10.0.0.12"],
      ...["10.0.0.12", "10.0.0.11"],
    ]);
    for (const lines of [first, second]) {
      expect(lines).toEqual(expect.arrayContaining(["    state BACKUP", "    nopreempt"]));
    }
  });

  it("has the password's place once, and no condition: any keepalived from 1.3.5 on reads it as it is", () => {
    const conf = confOf("proxy-2");
    expect(conf.match(/\{\{.*?\}\}/g)).toEqual(["{{auth-pass}}"]);
    expect(conf).not.toContain("#?");
    const words = conf.split("\n").flatMap((line) => /^ *([a-z_]+)/.exec(line)?.[1] ?? []);
    expect(words.filter((word) => !KNOWN_TO_1_3_5.includes(word))).toEqual(["lqpt_nginx"]);
  });
});

/** Read in the source of 1.3.5: `global_parser.c` and `vrrp_parser.c`. */
const KNOWN_TO_1_3_5 = [
  ...["global_defs", "router_id", "vrrp_version", "vrrp_check_unicast_src", "vrrp_higher_prio_send_advert"],
  ...["vrrp_garp_master_refresh", "script_user", "enable_script_security"],
  ...["vrrp_script", "script", "interval", "timeout", "fall", "rise"],
  ...["vrrp_instance", "state", "nopreempt", "interface", "virtual_router_id", "priority", "advert_int"],
  ...["unicast_src_ip", "unicast_peer", "authentication", "auth_type", "auth_pass"],
  ...["virtual_ipaddress", "track_script"],
];

describe("the document of a host of a pair", () => {
  const documents = hosts.map((host) => renderDocument(pair, host));

  it("says the address, where it is, and who the two are", () => {
    const [text = ""] = documents.map((one) => one.text);
    expect(text.slice(text.indexOf("[vip]"), text.indexOf("[site]"))).toMatchSnapshot();
  });

  it("has another digest when anything of the address changes", () => {
    const [host = sampleHost] = hosts;
    for (const change of [
      { address: "10.0.0.101" },
      { interface: "eth1" },
      { routerId: 7 },
      { prefix: 25 },
    ]) {
      expect(renderDocument({ ...pair, vip: { ...vip, ...change } }, host).digest).not.toBe(
        documents[0]?.digest,
      );
    }
  });

  it("lets the peer ask whether the host is healthy, and onto nobody's list", () => {
    const { text = "", site = "" } = documents[0] ?? {};
    expect(text).not.toContain("allow 10.0.0.11");
    const [, listed = "", asking = ""] = site.split(/^geo \$realip_remote_addr .*$/m);
    expect(listed.split("}")[0]).not.toContain("10.0.0.");
    for (const address of ["10.0.0.100", "10.0.0.11", "10.0.0.12"]) expect(asking).toContain(`${address} 1;`);
    expect(text).toContain("\n[health]\nleqi no\n");
  });
});
