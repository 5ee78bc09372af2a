import { NFT } from "./kernelRules";
import { runWithTool, SHELLS } from "./shell";

/** A host in good order, as far as its health is looked at; `$DIR/done` tells what was asked of the kernel. */
const SOUND = `
zone=public port=8864 bind=0.0.0.0 mode=firewalld
mkdir -p "$STATE"
echo site >"$SITE_FILE"
echo site >"$STATE/site.conf"
echo none >"$WORK/tls"
echo no >"$WORK/health-leqi"
echo 10.0.0.5 >"$WORK/health-from"
: >"$WORK/ca"
printf '203.0.113.9\\n203.0.114.0/24\\n' >"$WORK/allow"
: >"$WORK/unwell"
`;
const COMMANDS = {
  nft: 'case "$*" in "list ruleset") cat "${0%/*}/rules" ;; *) cat >>"${0%/*}/done" ;; esac',
  systemctl: "echo active",
  "iptables-save": "exit 1",
  "ip6tables-save": "exit 1",
  "iptables-legacy-save": "exit 1",
  "ip6tables-legacy-save": "exit 1",
  ss: 'printf "State\\nLISTEN 0 511 0.0.0.0:8864 0.0.0.0:*\\n"',
  curl: 'while [ "$1" != -o ]; do shift; done; echo healthy >"$2"',
  logger: 'echo "$*" >>"${0%/*}/logged"',
  getenforce: "echo Disabled",
};
const ANSWER = `judge_health; answer_health
[ -e "$HEALTHY" ] && echo yes || echo no
cat "$WORK/unwell"`;
const OURS = "table ip lqpt_health {\n\tchain checks {\n\t}\n}\n";

describe.each(SHELLS)("a host's health, looked at by %s", (_, shell) => {
  const look = (
    spoilt = "",
    { rules = NFT(), then = "", commands = {} }: { rules?: string; then?: string; commands?: object } = {},
  ) =>
    runWithTool({
      shell,
      script: `${SOUND}\n${spoilt}\n${ANSWER}\n${then}`,
      commands: { ...COMMANDS, ...commands },
      files: { rules },
    });

  it("is good where all is as the document says, and for whoever may not write to be read", () => {
    const { stdout, stderr } = look("", {
      then: 'stat -c %a "$HEALTHY" "${HEALTHY%/*}"; cat "$DIR/logged"; cat "$DIR/done" 2>/dev/null',
    });
    expect({ stdout, stderr }).toEqual({
      stdout: "yes\n644\n755\n-t lqptctl -p daemon.warning this host is healthy\n",
      stderr: "",
    });
  });

  it.each([
    ["a person closed the host", 'echo then >"$STATE/closed"', "this host was closed by a person at then"],
    ["firewalld was stopped", "systemctl() { echo inactive; }", "firewalld does not filter"],
    [
      "somebody was let in by hand",
      'echo 203.0.113.9 >"$WORK/allow"',
      "let in by nobody's document: 203.0.114.0/24",
    ],
    [
      "somebody was cut off by hand",
      'echo 203.0.115.1 >>"$WORK/allow"',
      "listed and not let in: 203.0.115.1",
    ],
    ["lqpt.conf was edited", 'echo more >>"$SITE_FILE"', "lqpt.conf is not as lqptctl left it"],
    ["nothing listens", "listens() { return 1; }", "nothing listens on 0.0.0.0:8864"],
    ["nginx does not answer", "curl() { return 7; }", "nginx does not answer on port 8864"],
    ["somebody else answers", 'curl() { echo hello >"$WORK/health-answer"; }', "nginx does not answer"],
    ["a start of firewalld is not confirmed", 'mkdir "$STATE/armed"', "waits for its confirmation"],
    [
      "Leqi cannot be connected to",
      'echo yes >"$WORK/health-leqi"; leqi_reached() { return 1; }',
      "Leqi cannot be connected to",
    ],
  ])("is not good where %s, and checks by TCP are refused", (_, spoilt, why) => {
    const { stdout } = look(`mkdir "\${HEALTHY%/*}"; : >"$HEALTHY"\n${spoilt}`, { then: 'cat "$DIR/done"' });
    expect(stdout).toMatch(/^no\n/);
    expect(stdout).toContain(why);
    expect(stdout).toContain(
      "add rule ip lqpt_health checks ip saddr { 10.0.0.5 } tcp dport 8864 tcp flags & (fin|syn|rst|ack) == syn reject with tcp reset",
    );
  });

  it("is good while the timer takes away whose time is just over, and not where it does not", () => {
    const over = (seconds: number) =>
      look(
        `sed -i /203.0.113.9/d "$WORK/allow"; echo "203.0.113.9 $(($(date +%s) - ${seconds}))" >"$STATE/temporary"`,
      );
    expect(over(5).stdout).toBe("yes\n");
    expect(over(90).stdout).toBe("no\nlet in by nobody's document: 203.0.113.9\n");
  });

  it("is not good where the port is open in another way", () => {
    const { stdout } = look("", { rules: NFT({ allow: "tcp dport 8864 accept" }) });
    expect(stdout).toMatch(/^no\nthe kernel has, in table inet firewalld/);
  });

  it("is no longer refused to checks by TCP once it is good again", () => {
    const { stdout } = look("", { rules: NFT() + OURS, then: 'cat "$DIR/done"' });
    expect(stdout).toBe("yes\ndelete table ip lqpt_health\n");
  });

  it("is not good where the refusal cannot be taken away", () => {
    const { stdout } = look("kernel_change() { return 1; }; iptables() { return 1; }", {
      rules: NFT() + OURS,
    });
    expect(stdout).toMatch(/^no\nthe kernel's table or chain lqpt_health/);
  });

  it("touches no table where somebody else filters", () => {
    const { stdout } = look("mode=external; listens() { return 1; }", {
      then: 'cat "$DIR/done" 2>/dev/null',
    });
    expect(stdout).toBe("no\nnothing listens on 0.0.0.0:8864\n");
  });

  it("is refused by iptables where there is no nftables", () => {
    const { stdout } = look("kernel_change() { return 1; }; listens() { return 1; }", {
      commands: { iptables: '[ "$2" != -C ]', "iptables-restore": 'cat >"${0%/*}/done"' },
      then: 'cat "$DIR/done"',
    });
    expect(stdout).toContain(`*filter
:lqpt_health - [0:0]
-A lqpt_health -s 10.0.0.5 -p tcp -m tcp --dport 8864 --tcp-flags FIN,SYN,RST,ACK SYN -j REJECT --reject-with tcp-reset
-I INPUT 1 -j lqpt_health
COMMIT
`);
  });

  it("is told to syslog when it changes, with the reason, and since when stays", () => {
    const { stdout } = look("", {
      then: `listens() { return 1; }
date() { echo later; }
for try in 1 2; do : >"$WORK/unwell"; judge_health; answer_health; done
cat "$DIR/logged"; report_health`,
    });
    expect(stdout).toContain(
      "this host is healthy\n-t lqptctl -p daemon.warning this host is unhealthy: nothing listens on 0.0.0.0:8864\n{",
    );
    expect(JSON.parse(stdout.split("\n").at(-1) ?? "")).toEqual({
      ...{ healthy: false, since: "later", why: ["nothing listens on 0.0.0.0:8864"] },
    });
  });

  const verb = (script: string, more = "") =>
    runWithTool({
      shell,
      script: `need_root() { :; }; open_lock() { :; }; ${script}
mkdir -p "\${HEALTHY%/*}" "$STATE"; : >"$HEALTHY"
(health); echo "ended with $?"; [ -e "$HEALTHY" ] && echo yes || echo no; ${more}`,
      commands: COMMANDS,
    }).stdout;

  it("stays as it was said while a run holds the lock", () => {
    expect(verb("flock() { return 1; }")).toBe("ended with 0\nyes\n");
  });

  it("is not good where a look fails, whatever by", () => {
    expect(verb("flock() { exit 3; }")).toBe("ended with 3\nno\n");
    expect(verb("flock() { return 127; }")).toBe("ended with 11\nno\n");
  });

  it("is not good where the document is damaged or gone", () => {
    const { stdout } = { stdout: verb("flock() { :; }", 'cat "$HEALTHY.why"') };
    expect(stdout).toMatch(/^ended with 0\nno\nunhealthy .*\n.*\/state\/document is damaged or gone/);
  });

  it("is told by status only where somebody may ask", () => {
    const { stdout } = runWithTool({
      shell,
      script: `: >"$WORK/health-leqi"; report_health; echo; echo no >"$WORK/health-leqi"; report_health`,
    });
    expect(stdout).toBe(
      'null\n{"healthy":false,"since":null,"why":["nobody has looked since this host was started"]}',
    );
  });

  it("asks Leqi seldom, once more at once where it fails, and then counts it", () => {
    const { stdout } = runWithTool({
      shell,
      script: `mkdir "\${HEALTHY%/*}"
connects_to_leqi() { echo asked; [ "$up" = yes ]; }
for up in yes no; do leqi_reached && echo reached || echo not; done
echo "0 0" >"$HEALTHY.leqi"; leqi_reached && echo reached || echo not
for up in no yes; do leqi_reached && echo reached || echo not; done`,
    });
    expect(stdout.split("\n")).toEqual([
      ...["asked", "reached", "reached", "asked", "reached"],
      ...["asked", "not", "not", ""],
    ]);
  });

  it.each([
    ["0.004512", "yes"],
    ["0.000000", "no"],
  ])("takes Leqi for reached by when the connection stood: %s s", (time, reached) => {
    const { stdout } = runWithTool({
      shell,
      script: `: >"$WORK/leqi-address"; echo lqpt.chinatax.gov.cn >"$WORK/leqi-name"; echo 8443 >"$WORK/leqi-port"
connects_to_leqi && echo yes || echo no`,
      commands: { curl: `echo ${time}; exit 28` },
    });
    expect(stdout).toBe(`${reached}\n`);
  });
});
