import type { HostRecord, SentReport } from "../../../documents/record";

/** What a bundle's run reported. */
export const SENT: SentReport = {
  at: "2026-11-25T07:59:00Z",
  owner: "acme-7f3a",
  host: "proxy-2",
  machine: "dmz-17",
  lqptctl: "0.1.0+1f2e3d4c",
  digest: `sha256:${"aa".repeat(32)}`,
  whitelist: ["203.0.113.9"],
  temporary: {},
  warnings: [],
};

/** The same, written down. */
export const RECORD: HostRecord = {
  recorded: "2026-11-25T08:00:00.000Z",
  address: "203.0.113.11",
  ...SENT,
};
