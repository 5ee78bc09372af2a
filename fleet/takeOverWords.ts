import type { Seen } from "../documents/doctorReport";

/** What a person must decide or do before the first `up`, a sentence each; and what stands beside an address in the file. */
export const TAKE_OVER_WORDS = {
  onlyAfterStart: ", not now but once firewalld is started anew",
  seen: ({ firstSeen, lastSeen, requests }: Omit<Seen, "source">, logs: number): string => {
    if (firstSeen !== null && lastSeen !== null) {
      return `seen from ${firstSeen} to ${lastSeen} (${requests} calls)`;
    }
    return logs === 0 ? "no log of nginx to tell its calls" : "never seen in nginx's log";
  },
  inForce: (hosts: string, day: string, seen: string): string => `in force on ${hosts} on ${day}, ${seen}`,
  called: (hosts: string, seen: string): string => `it called ${hosts}, ${seen}`,
  wide: (vendor: string): string => `it holds ${vendor}, and others`,
  wasOpen: (hosts: string, day: string): string => `${hosts} was open to everyone on ${day}`,
  served: (hosts: string, day: string): string =>
    `served the port on ${hosts} on ${day}; ours takes its place`,

  allowed: (cidr: string, hosts: string, seen: string, others: string): string =>
    `${cidr} may reach ${hosts}, ${seen}: write whose it is, or move it to lqpt:remove${others === "" ? "" : `. The first up lets it in to ${others} as well`}`,
  vendors: (cidr: string, vendor: string, seen: string): string =>
    `${cidr} is ${vendor}, ${seen}: the first up cuts it off; agree to that`,
  tooWide: (cidr: string, vendor: string): string =>
    `${cidr} holds ${vendor}, which must not get in, and others: write those of it that are to stay, each by itself, and move it to lqpt:remove`,
  misspelt: (source: string, hosts: string): string =>
    `${hosts} lets in ${source}, which no list can say: replace that rule there by hand by one for the network itself, and write that to lqpt:allow, or the first up is refused`,
  open: (host: string, openings: string): string =>
    `${host} is open to everyone (${openings}): the first up closes that; agree to it`,
  off: (host: string): string =>
    `${host}: firewalld does not run, so whoever reaches the machine gets in; the first up starts it, and lets in lqpt:allow alone`,
  caller: (source: string, hosts: string, seen: string): string =>
    `${source} calls ${hosts}, ${seen}, and no rule names it: write whose it is, or take it out of lqpt:allow, and the first up cuts it off`,
  vendorsCaller: (source: string, vendor: string, seen: string): string =>
    `${source} calls, ${seen}, and is ${vendor}: the first up cuts it off; agree to that`,
  moreCallers: (host: string, count: number): string =>
    `${host}: ${count} more addresses called, by nginx's log there, than are written here: look at it, and write those that are to stay to lqpt:allow, or the first up cuts them off`,
  noLog: (host: string): string =>
    `${host}: no log of nginx could be read, so nobody knows who calls: ask, and write them to lqpt:allow, or the first up cuts them off`,
  site: (path: string, hosts: string): string =>
    `${path} on ${hosts} is taken away by the first up, and ours serves the port: agree to that`,
  otherServer: (host: string): string =>
    `${host}: what serves the port is no nginx that was found: stop it there by hand, or the first up is refused`,
  foreign: (host: string, words: string): string =>
    `${host}: ${words}: take that away there by hand, or the first up is refused`,
  keepOpen: (host: string, port: string): string =>
    `${host}: ${port} stays open to everyone, on each host of the stack (lqpt:firewall.keepOpen): agree, or move it to closes`,
  ruleset: (host: string, ruleset: string): string =>
    `${host}: it filters by ${ruleset} already: name that in lqpt:firewall.closes, or set mode external`,
  ownCertificate: (host: string): string =>
    `${host} speaks TLS on the port: write its certificate to lqpt:listen.certificate and set its key, so that callers meet the one that they know`,
  otherCertificate: (host: string): string =>
    `${host} speaks TLS on the port with a certificate of its own: the first up puts another in its place, and callers that trust the old one alone are cut off; agree to that, or set tls: provided`,
  plainBefore: (host: string): string =>
    `${host} speaks plain http on the port: with the first up callers must call https; agree to that, or set tls: none`,
  accessRules: (host: string, rules: string): string =>
    `${host}: nginx has rules of its own (${rules}), and the site of the first up goes by lqpt:allow alone: whoever firewalld lets in and they refuse would get in; compare them`,
} as const;
