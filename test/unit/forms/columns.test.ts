import { columnWidths } from "../../../forms/columns";
import type { Cell } from "../../../forms/form";

const ROOM = 50;
const PADDING = 1;
const PROSE = "一段很长的说明，".repeat(40);
const NETWORK = "203.0.113.100/28";

/** In ems of the text. */
const widths = (head: readonly string[], ...rows: readonly (readonly Cell[])[]) =>
  columnWidths({ head, rows }, ROOM, PADDING).map((part) => part * ROOM);

/** What a text takes alone, and no more than that. */
const needed = (text: string) => widths(["", ""], [text, PROSE])[0] ?? 0;

test("the columns are together as wide as the table", () => {
  const endless = ["x".repeat(253), "y".repeat(253)];
  for (const cells of [[NETWORK], [PROSE], [PROSE, PROSE, NETWORK], endless]) {
    const head = cells.map(() => "");
    expect(widths(head, cells).reduce((one, other) => one + other, 0)).toBeCloseTo(ROOM);
  }
});

test.each([NETWORK, "2026-11-26 10:30:40", "TCP 8864", "lqpt.chinatax.gov.cn", "CHG-1017"])(
  "%s has its one line beside prose of any length",
  (text) => {
    const [, width] = widths(["说明", "值", "说明"], [PROSE, text, `${PROSE}${PROSE}`]);
    // Arial's digits, which are wider than its dots.
    expect(width).toBeGreaterThan(text.length * 0.45 + PADDING);
    expect(width).toBeCloseTo(needed(text));
  },
);

test("columns of prose share what is left", () => {
  const [one = 0, , other = 0] = widths(["a", "b", "c"], [PROSE, NETWORK, `${PROSE}${PROSE}`]);
  expect(one).toBeCloseTo(other);
  expect(one).toBeGreaterThan(15);
});

test("short prose has one line, at the cost of the long", () => {
  const [short] = widths(["说明", "说明"], ["财务共享中心（上海）", PROSE]);
  expect(short).toBeCloseTo(10 + PADDING);
});

test("where names and addresses do not fit together, it is the names that are broken, at their hyphens", () => {
  const name = "zhang-san-operations";
  const row = [NETWORK, name, NETWORK, name, NETWORK, name];
  const all = widths(
    row.map(() => ""),
    row,
  );
  for (const column of [0, 2, 4]) expect(all[column]).toBeGreaterThanOrEqual(needed(NETWORK) - 0.001);
  for (const column of [1, 3, 5]) {
    expect(all[column]).toBeLessThan(needed(name));
    expect(all[column]).toBeGreaterThanOrEqual(needed("operations") - 0.001);
  }
});

test("of several lines in a cell each is whole, as it belongs to the line beside it", () => {
  const [, names] = widths(["a", "b"], [PROSE, ["proxy-1", "proxy-production-2（停用中）"]]);
  expect(names).toBeCloseTo(needed("proxy-production-2") + 5);
});

test("a short title is whole, a long one is broken between its words", () => {
  const [, short = 0, long = 0] = widths(["a", "协议和端口", "Protocol and port"], [PROSE, "", ""]);
  expect(short).toBeCloseTo(5 + PADDING);
  expect(long).toBeGreaterThan(needed("Protocol") - 0.001);
});

test("one endless name has no address beside it broken", () => {
  const [, address, port] = widths(["", "", ""], ["x".repeat(253), NETWORK, "TCP 8864"]);
  expect(address).toBeCloseTo(needed(NETWORK));
  expect(port).toBeGreaterThan(needed("8864") - 0.001);
});

test("where nothing fits, no column is lost", () => {
  const name = "x".repeat(253);
  for (const width of widths(["", "", ""], [name, name, name])) expect(width).toBeCloseTo(ROOM / 3);
});

test("a table of its head alone has columns", () => {
  for (const width of widths(["源地址", "目的地址"])) expect(width).toBeGreaterThan(0);
});
