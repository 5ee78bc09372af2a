import { openings } from "../../../documents/openings";
import { sampleConfig, sampleHost } from "../sampleConfig";

describe("the openings that a network team is asked for", () => {
  it("are none where a stack has no hosts", () => {
    expect(openings(sampleConfig({ hosts: [] }))).toEqual({ inbound: {}, outbound: {} });
  });

  it("name every source and every host", () => {
    const second = { ...sampleHost, name: "proxy-2", address: "203.0.113.11" };
    expect(openings(sampleConfig({ hosts: [sampleHost, second], registeredIp: "203.0.113.1" }))).toEqual({
      inbound: {
        "49.4.83.185": "tcp 8864 to proxy-1 (203.0.113.10), proxy-2 (203.0.113.11): group, prod",
        "198.51.100.0/28": "tcp 8864 to proxy-1 (203.0.113.10), proxy-2 (203.0.113.11): ACME",
      },
      outbound: {
        "proxy-1": "tcp 8443 from 203.0.113.10, seen from outside as 203.0.113.1 to lqpt.chinatax.gov.cn",
        "proxy-2": "tcp 8443 from 203.0.113.11, seen from outside as 203.0.113.1 to lqpt.chinatax.gov.cn",
      },
    });
  });

  it("lead to the address that two hosts share, and between the two", () => {
    const second = { ...sampleHost, name: "proxy-2", address: "203.0.113.11" };
    const own = new Map([
      ["proxy-1", "10.0.0.11"],
      ["proxy-2", "10.0.0.12"],
    ]);
    const vip = { address: "10.0.0.100", prefix: 24, interface: "eth0", routerId: 100, own };
    const { inbound, between } = openings(sampleConfig({ hosts: [sampleHost, second], vip }));
    expect(inbound["198.51.100.0/28"]).toBe(
      "tcp 8864 to 10.0.0.100 (proxy-1 or proxy-2, whichever has it): ACME",
    );
    expect(between).toEqual({
      "proxy-1":
        "VRRP (IP protocol 112) and tcp 8864 from 10.0.0.11 to 10.0.0.12; gratuitous ARP for 10.0.0.100",
      "proxy-2":
        "VRRP (IP protocol 112) and tcp 8864 from 10.0.0.12 to 10.0.0.11; gratuitous ARP for 10.0.0.100",
    });
  });
});
