import { IPTABLES, NFT } from "./kernelRules";
import { runWithTool, SHELLS } from "./shell";

const CONF = "/etc/nginx/nginx.conf";
const INCLUDES = "http {\n include ./conf.d/*.conf;\n}";
const A = "/etc/nginx/./conf.d/a.conf";

describe.each(SHELLS)("the files that serve the port, found by %s", (_, shell) => {
  /** The files that the first apply takes away, and those that it refuses to. */
  const sites = (files: Readonly<Record<string, string>>, before = "") => {
    const T = Object.entries(files).map(([path, text]) => `# configuration file DIR${path}:\n${text}\n`);
    const lying = Object.entries(files).map(([path, text]) => [path.slice(1), text] as const);
    const { stdout, stderr } = runWithTool({
      shell,
      files: { ...Object.fromEntries(lying), T: T.join("\n") },
      script: `nginx_bin=nginx; nginx_prefix=/n; nginx_folder=$DIR/etc/nginx; nginx_conf=$DIR${CONF}; nginx_access_log=/n/logs/access.log
nginx_run() { sed "s|DIR|$DIR|" "$DIR/T"; }
port=8864
${before}
found_nginx >/dev/null; found_sites | sed 's/^,/{/; s/$/}/'`,
    });
    expect(stderr).toBe("");
    return JSON.parse(stdout.replace(/\/tmp\/[^/]*/g, "")) as Readonly<Record<string, unknown>>;
  };

  it("are told as lqpt:remove can name them, however an include does", () => {
    const found = sites({ [CONF]: INCLUDES, [A]: "server { listen 8864; }" });
    expect(found).toEqual({ sites: ["/etc/nginx/conf.d/a.conf"], mixedSites: [] });
  });

  it("are told where their names are Chinese", () => {
    const name = "/etc/nginx/conf.d/乐企.conf";
    expect(sites({ [CONF]: INCLUDES, [name]: "server { listen 8864; }" })).toMatchObject({ sites: [name] });
  });

  it("are told as those that cannot go, where that is nginx.conf itself or a server is not alone in one", () => {
    expect(sites({ [CONF]: "http { server { listen 8864; } }" })).toEqual({ sites: [], mixedSites: [CONF] });
    const both = "server { listen 8864; }\nserver { listen 81; }";
    expect(sites({ [CONF]: INCLUDES, [A]: both })).toEqual({
      sites: [],
      mixedSites: ["/etc/nginx/conf.d/a.conf"],
    });
  });

  it("are not ours, however an include names that", () => {
    const ours = "SITE_FILE=$DIR/etc/nginx/conf.d/a.conf; known_site() { :; }";
    expect(sites({ [CONF]: INCLUDES, [A]: "server { listen 8864; }" }, ours)).toEqual({
      sites: [],
      mixedSites: [],
    });
  });

  it("are left out of nginx.conf with them, however it names them", () => {
    const { stdout } = runWithTool({
      shell,
      stdin: 'http {\n include ./a.conf;\n include "/etc/nginx/./a.conf";\n include b.conf;\n}\n',
      script: 'nginx_folder=/etc/nginx; echo /etc/nginx/a.conf >"$WORK/foreign-sites"; with_include no',
    });
    expect(stdout).toBe("http {\n include b.conf;\n}\n");
  });
});

describe.each(SHELLS)("of several nginx, by %s", (_, shell) => {
  /** Masters 7, 9 and 11, the first and the last of one program; 8 and 10 are workers of 7 and 9. */
  const MACHINE = `
ps() { printf '    7     0 nginx: master process /a\\n    9     0 nginx: master process /b\\n   11     0 nginx: master process /a\\n'; }
readlink() {
	case $1 in
	*/ns/pid) echo here ;;
	/proc/7/exe | /proc/11/exe) echo "/usr/sbin/nginx" ;;
	/proc/9/exe) echo "/opt/my nginx (deleted)" ;;
	esac
}
read_process() { process_start=1; process_parent=1; [ "$1" != 8 ] || process_parent=7; [ "$1" != 10 ] || process_parent=9; }
`;
  const chosen = (sockets: string, then = "nginx_masters") =>
    runWithTool({
      shell,
      script: `${MACHINE}sockets() { printf '${sockets}'; }\nchoose_master 8864; ${then}`,
    }).stdout;

  it("the one that serves the port is chosen, by its master or by a worker", () => {
    expect(chosen("tcp 80 0.0.0.0 nginx 7\\ntcp 8864 0.0.0.0 nginx 10\\n")).toBe("9 /opt/my nginx\n");
    expect(chosen("tcp 8864 0.0.0.0 nginx 9\\n")).toBe("9 /opt/my nginx\n");
    expect(chosen("tcp 8864 0.0.0.0 nginx 11\\n")).toBe("11 /usr/sbin/nginx\n");
  });

  it("none is chosen where none of them serves it", () => {
    expect(chosen("tcp 8864 0.0.0.0 haproxy 70\\nudp 8864 0.0.0.0 nginx 9\\n").split("\n")).toHaveLength(4);
  });

  it("the others are told", () => {
    const told = 'nginx_bin="/opt/my nginx"; nginx_master() { echo 9; }; found_others';
    expect(chosen("tcp 8864 0.0.0.0 nginx 9\\n", told)).toBe(
      ',"otherNginx":["/usr/sbin/nginx (pid 7)","/usr/sbin/nginx (pid 11)"]',
    );
  });
});

describe.each(SHELLS)("whether firewalld filters, by %s", (_, shell) => {
  const filters = (active: string, nft: string | undefined, ipt?: string) =>
    runWithTool({
      shell,
      script: "firewall_filters",
      commands: {
        systemctl: `echo ${active}`,
        nft: nft === undefined ? "exit 1" : 'cat "${0%/*}/nft.rules"',
        "iptables-save": ipt === undefined ? "exit 1" : 'cat "${0%/*}/ipt.rules"',
        ...{
          "ip6tables-save": "exit 1",
          "iptables-legacy-save": "exit 1",
          "ip6tables-legacy-save": "exit 1",
        },
      },
      files: { "nft.rules": nft ?? "", "ipt.rules": ipt ?? "" },
    }).stdout;

  it("is told by the kernel, and not by what firewalld says", () => {
    expect(filters("active", NFT())).toBe("true");
    expect(filters("active", undefined, IPTABLES())).toBe("true");
    expect(filters("active", "table inet firewalld {\n}\n")).toBe("false");
    expect(filters("active", "")).toBe("false");
  });

  it("is not known where it does not run, or the kernel cannot be asked", () => {
    expect(filters("inactive", NFT())).toBe("null");
    expect(filters("active", undefined)).toBe("null");
  });
});
