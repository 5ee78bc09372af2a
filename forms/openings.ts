import type { Bastion, HostConfig, StackConfig } from "../config/types";
import { sharedAddress } from "../documents/vip";
import type { Language } from "../words/language";
import type { Cell, Fact, Form, Table } from "./form";
import { OPENINGS_WORDS } from "../words/openings";
import { environmentNames, ownerName, TO_FILL_IN } from "./vocabulary";

type Words = (typeof OPENINGS_WORDS)[Language];

/** What the customer's network team is asked to let through, from the config alone. */
export function openingsForm(config: StackConfig, language: Language): Form {
  const words = OPENINGS_WORDS[language];
  const tables = [
    { caption: words.inbound, rows: inboundRows(config, language) },
    { caption: words.between, rows: betweenRows(config, words) },
    { caption: words.logins, rows: loginRows(config, words) },
    { caption: words.outbound, rows: [outboundRow(config, words)] },
  ].flatMap(({ caption, rows }): Table[] => (rows.length === 0 ? [] : [{ caption, head: words.head, rows }]));
  return {
    language,
    title: words.title,
    opening: [],
    facts: factsOf(config, language),
    tables,
    lists: [{ caption: words.notes, items: notesOf(config, tables, words) }],
    farewell: [],
    signature: [],
    boxes: words.boxes,
    annexes: [],
  };
}

/** The registered IP is asked for where it is not known: without it nobody can set up the way out. */
function factsOf(config: StackConfig, language: Language): Fact[] {
  const words = OPENINGS_WORDS[language];
  const { customer, environments, leqiId, publicAddress, registeredIp = TO_FILL_IN[language] } = config;
  const facts: readonly (readonly [string, string | undefined])[] = [
    [words.customer, customer?.name ?? TO_FILL_IN[language]],
    [words.creditCode, customer?.creditCode],
    [words.leqiId, leqiId],
    [words.environments, environmentNames(environments, language)],
    [words.registeredIp, registeredIp],
    [words.publicAddress, publicAddress],
  ];
  return facts.flatMap(([label, value]) => (value === undefined ? [] : [[label, value] as const]));
}

/** One row a source, to all hosts or to the address that they share: the network team makes one rule of it. */
function inboundRows({ hosts, listen, sources, vip }: StackConfig, language: Language): Cell[][] {
  const words = OPENINGS_WORDS[language];
  const names = namesOf(hosts, words);
  const [destination, what] =
    vip === undefined ? [addressesOf(hosts), names] : [vip.address, words.shared(names)];
  return sources.map((source) => [
    ...[source.cidr, ownerName(source, language)],
    ...[destination, what, `TCP ${String(listen.port)}`],
  ]);
}

/** By VRRP the two agree who has the shared address, and on the port one asks whether the other is healthy. */
function betweenRows(config: StackConfig, words: Words): Cell[][] {
  const { hosts, listen } = config;
  return hosts.flatMap((host, index) => {
    const vip = sharedAddress(config, host);
    const peer = hosts[1 - index];
    if (vip === undefined || peer === undefined) return [];
    const [from = "", to = ""] = namesOf([host, peer], words);
    return [[vip.own, from, vip.peer, to, words.vrrp(listen.port)]];
  });
}

/** Over SSH come `pulumi up` and the commands of `lqpt`; a host that gets a bundle is dialled by nobody. */
function loginRows({ hosts }: StackConfig, words: Words): Cell[][] {
  const dialled = hosts.filter(({ delivery }) => delivery === "ssh");
  const toHosts = groupsOf(dialled, ({ bastion, port }) => JSON.stringify([bastion?.name, port]));
  const bastions = dialled.flatMap(({ bastion }) => (bastion === undefined ? [] : [bastion]));
  const toBastions = groupsOf(bastions, ({ name }) => name).map(([bastion]) => bastion);
  return [
    ...toBastions.map(({ address, name, port }) => [
      ...[words.operator, words.operators, address, words.bastion(name), `TCP ${String(port)}`],
    ]),
    ...toHosts.map((group) => [
      ...loginSource(group[0].bastion, words),
      ...[addressesOf(group), namesOf(group, words), `TCP ${String(group[0].port)}`],
    ]),
  ];
}

function loginSource(bastion: Bastion | undefined, words: Words): [address: string, whose: string] {
  if (bastion === undefined) return [words.operator, words.operators];
  return [bastion.address, words.bastion(bastion.name)];
}

function outboundRow({ hosts, leqi }: StackConfig, words: Words): Cell[] {
  const [destination, what] =
    leqi.addresses.length === 0 ? [leqi.host, words.leqi] : [leqi.addresses, words.leqiNamed(leqi.host)];
  return [addressesOf(hosts), namesOf(hosts, words), destination, what, `TCP ${String(leqi.port)}`];
}

function notesOf(
  { hosts, leqi, listen, registeredIp, vip }: StackConfig,
  tables: readonly Table[],
  words: Words,
): string[] {
  const cells = tables.flatMap(({ rows }) => rows.flat());
  const dialled = hosts.filter(({ delivery }) => delivery === "ssh");
  const notes: readonly (readonly [string, boolean])[] = [
    [words.each, cells.some((cell) => typeof cell !== "string" && cell.length > 1)],
    [words.egress(registeredIp ?? ""), registeredIp !== undefined],
    [words.egressOfBoth, registeredIp !== undefined && vip !== undefined],
    [words.arp(vip?.address ?? ""), vip !== undefined],
    [words.only(listen.port), true],
    [words.login, dialled.length > 0],
    [words.translated, dialled.some(({ bastion }) => bastion !== undefined)],
    [words.returning, hosts.some(({ state }) => state === "out")],
    [words.v6, true],
    [words.names, leqi.addresses.length === 0],
  ];
  return notes.flatMap(([note, holds]) => (holds ? [note] : []));
}

function addressesOf(hosts: readonly HostConfig[]): string[] {
  return hosts.map(({ address }) => address);
}

function namesOf(hosts: readonly HostConfig[], words: Words): string[] {
  return hosts.map(({ name, state }) => (state === "out" ? words.out(name) : name));
}

/** Those with the same key together, in the order of the first of each. */
function groupsOf<T>(items: readonly T[], keyOf: (item: T) => string): (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
