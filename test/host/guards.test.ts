import { renderSite } from "../../documents/site";
import { sampleConfig } from "../unit/sampleConfig";
import { runWithTool, SHELLS } from "./shell";

const DEBIAN =
  "--with-cc-opt='-g -O2' --prefix=/usr/share/nginx --conf-path=/etc/nginx/nginx.conf --with-http_ssl_module --with-http_realip_module --with-http_v2_module --with-stream=dynamic";
const RPM =
  "--prefix=/etc/nginx --conf-path=/etc/nginx/nginx.conf --with-http_realip_module --with-http_ssl_module";

/** What `nginx -V` prints. */
const build = (version: string, openssl: string, args = RPM): string =>
  `nginx version: nginx/${version}\nbuilt by gcc 4.8.5\nbuilt with OpenSSL ${openssl}  26 Jan 2017\nTLS SNI support enabled\nconfigure arguments: ${args}\n`;

const BUILDS = {
  "1.12 of CentOS 7": build("1.12.2", "1.0.2k-fips"),
  "1.18 of Debian 11": build("1.18.0", "1.1.1w", DEBIAN),
  "1.20": build("1.20.1", "1.1.1k"),
  "1.22 of Debian 12": build("1.22.1", "3.0.15", DEBIAN),
  "1.26 of Debian 13": build("1.26.3", "3.5.1", DEBIAN),
  "1.28": build("1.28.0", "3.0.15"),
  "the vendor's, without optional modules": build(
    "1.20.2",
    "1.1.1k",
    "--prefix=/usr/local/nginx --with-http_ssl_module --without-http_limit_req_module --without-http_limit_conn_module --without-http_auth_basic_module --without-http_gzip_module --without-http-cache --without-http_upstream_keepalive_module --without-http_upstream_zone_module",
  ),
};

const facts = (shell: readonly string[], stdin: string): string =>
  runWithTool({ shell, stdin, script: "nginx_facts | sort" }).stdout;

/** The lines of a site that stay and, below them, those that are left out. */
const keep = (shell: readonly string[], site: string, known: string): string =>
  runWithTool({
    shell,
    stdin: site,
    files: { facts: known },
    script: `keep_lines "$DIR/facts" "$DIR/dropped"; echo "== left out"; cat "$DIR/dropped" 2>/dev/null`,
  }).stdout;

const SITE = renderSite(sampleConfig());

describe.each(Object.entries(BUILDS))("what nginx %s gets of the site", (_, version) => {
  it.each([
    ["without a name server", ""],
    ["with a name server", "name server\n"],
  ])("%s is what it can do, and the rest is named", (_, more) => {
    const [[, first] = ["", ["sh"]], ...others] = SHELLS;
    const known = facts(first, version) + more;
    const kept = keep(first, SITE, known);
    expect(kept).toMatchSnapshot();
    expect(kept.split("== left out")[0]).not.toContain("#?");
    for (const [, shell] of others) {
      expect(facts(shell, version) + more).toBe(known);
      expect(keep(shell, SITE, known)).toBe(kept);
    }
  });
});

describe.each(SHELLS)("guards, read by %s", (_, shell) => {
  const kept = (lines: readonly string[], known: string): string[] =>
    keep(shell, lines.map((line) => `${line}\n`).join(""), known)
      .replace(/== left out[^]*/, "")
      .split("\n")
      .filter((line) => line !== "");

  it.each([
    ["nginx 1.15.3", "1.15.3", true],
    ["nginx 1.15.3", "1.15.2", false],
    ["nginx 1.15.3", "1.16.0", true],
    ["nginx 1.15.3", "2.0", true],
    ["nginx 1.9.7", "1.12.2", true],
    ["below nginx 1.23.2", "1.23.1", true],
    ["below nginx 1.23.2", "1.23.2", false],
    ["nginx 1.15.3, with a_module", "1.20.0", false],
  ])("a line for %s, by nginx %s: %s", (guard, version, expected) => {
    expect(kept([`x; #? ${guard}`], `nginx ${version}\n`)).toEqual(expected ? ["x;"] : []);
  });

  it("gives what is said otherwise to whoever lacks the first, and never both", () => {
    const lines = ["a; #? with b_module", "c; #? with b_module", "d; #? else", "e;"];
    expect(kept(lines, "with b_module\n")).toEqual(["a;", "c;", "e;"]);
    expect(kept(lines, "nginx 1.20.0\n")).toEqual(["d;", "e;"]);
  });

  it("leaves every other comment alone", () => {
    expect(kept(["# why? #", "x; # y?"], "nginx 1.20.0\n")).toEqual(["# why? #", "x; # y?"]);
  });

  it("does not count on a module that may be loaded or not", () => {
    const known = facts(
      shell,
      build("1.20.1", "1.1.1k", "--with-http_ssl_module --with-http_realip_module=dynamic"),
    );
    expect(known).toContain("with http_ssl_module");
    expect(known).not.toContain("realip");
  });

  const problems = (stdin: string): string =>
    runWithTool({
      shell,
      stdin,
      script: 'nginx_facts >"$DIR/facts"; check_nginx_build "$DIR/facts"; cat "$WORK/problems" 2>/dev/null',
    }).stdout;

  it("refuses an nginx that the proxy cannot be made with", () => {
    expect(problems(BUILDS["1.12 of CentOS 7"])).toBe("");
    expect(problems(BUILDS["the vendor's, without optional modules"])).toBe("");
    expect(problems(build("1.10.3", "1.0.2k"))).toMatch(/^\[E_NGINX_BUILD\] nginx is version 1\.10\.3 here;/);
    expect(problems(build("1.20.1", "1.1.1k", "--without-http_geo_module"))).toMatch(
      /^\[E_NGINX_BUILD\] this nginx was built without http_ssl_module http_geo_module;/,
    );
  });

  it.each([
    ["1.18.0", ["CVE-2026-1642", "CVE-2021-23017"]],
    ["1.22.1", ["CVE-2026-1642"]],
    ["1.28.2", []],
    ["1.29.4", ["CVE-2026-1642"]],
    ["1.29.5", []],
  ])("warns of what version %s may suffer from", (version, flaws) => {
    const { stderr } = runWithTool({
      shell,
      stdin: build(version, "3.0.15"),
      script: 'nginx_facts >"$DIR/facts"; warn_of_flaws "$DIR/facts"',
    });
    expect([...stderr.matchAll(/CVE-\d+-\d+/g)].map(([cve]) => cve)).toEqual(flaws);
  });
});
