import type { Host } from "../../../support/lab";
import { PORT } from "../../../support/samples";

export const SITE = "/etc/nginx/conf.d/lqpt.conf";

/** As firewalld prints it. */
export function ruleOf(source: string): string {
  return `rule family="ipv4" source address="${source}" port port="${PORT}" protocol="tcp" accept`;
}

/** Errors: where the firewall, now or after a reboot, or the site lets in others than these. */
export async function verify(host: Host, sources: readonly string[]): Promise<void> {
  const wanted = [...sources].sort().map(ruleOf);
  for (const option of ["", "--permanent"]) {
    const rules = await host.mustExec(`firewall-cmd ${option} --list-rich-rules`);
    compare(`${host.name}: firewall-cmd ${option} --list-rich-rules`, rules.trim().split("\n"), wanted);
  }
  const site = await host.readFile(SITE);
  const [list = ""] = /^geo .*?^\}$/ms.exec(site) ?? [];
  const listed = [...list.matchAll(/^ {4}(\d[\d./]+) 1;$/gm)].map(([, source = ""]) => ruleOf(source));
  compare(`${host.name}: ${SITE}`, listed, wanted);
  const state = await host.mustExec("systemctl is-active nginx");
  compare(`${host.name}: systemctl is-active nginx`, [state.trim()], ["active"]);
}

function compare(what: string, found: readonly string[], wanted: readonly string[]): void {
  const sorted = [...found].sort();
  if (sorted.join("\n") !== [...wanted].sort().join("\n")) {
    throw new Error(`${what}\nfound\n${sorted.join("\n")}\nexpected\n${wanted.join("\n")}`);
  }
}
