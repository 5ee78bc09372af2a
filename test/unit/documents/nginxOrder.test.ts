import type { BroughtFile, NginxConfig } from "../../../config/types";
import { PIECE_BYTES, filesFor, piecesOf, renderNginxOrder } from "../../../documents/nginxOrder";
import { sampleConfig, sampleHost } from "../sampleConfig";

const file = (path: string, bytes: number): BroughtFile => ({ path, sha256: "ab".repeat(32), bytes });
const order = (nginx: Partial<NginxConfig>, system?: string) =>
  renderNginxOrder(
    sampleConfig({ nginx: { source: "files", files: new Map(), archive: undefined, ...nginx } }),
    { ...sampleHost, system },
  );

describe("the order for nginx", () => {
  it("is none where nothing is brought", () => {
    expect(order({ source: "package" })).toBeUndefined();
    expect(order({ source: "existing" })).toBeUndefined();
  });

  it("names the packages of the host's own system, in the order written", () => {
    const files = new Map([
      ["debian-11/x86_64", [file("old.deb", 1)]],
      [
        "debian-12/x86_64",
        [file("deb/nginx-common_1_all.deb", 1), file("deb/nginx_1_amd64.deb", PIECE_BYTES + 1)],
      ],
    ]);
    expect(order({ files }, "debian-12/x86_64")).toBe(
      `lqpt-nginx 1\nsource files\nfile ${"ab".repeat(32)} 1 nginx-common_1_all.deb\nfile ${"ab".repeat(32)} 2 nginx_1_amd64.deb\n`,
    );
  });

  it("needs no word on the system where there is one only", () => {
    const files = new Map([["debian-12/x86_64", [file("nginx.deb", 1)]]]);
    expect(order({ files })).toContain(" nginx.deb\n");
  });

  it("has the Leqi ID for the vendor's installer, and no password", () => {
    const url = "http://files.example/fpy-nginx-lqpt.tar.gz";
    const archive = { from: "url", url, user: "lqpt", sha256: "cd".repeat(32) } as const;
    expect(order({ source: "vendor", archive })).toBe(
      `lqpt-nginx 1\nsource vendor\nleqi-id ACME0001\nleqi-name lqpt.chinatax.gov.cn\nfile ${"cd".repeat(32)} 0 fpy-nginx-lqpt.tar.gz\nurl http://files.example/fpy-nginx-lqpt.tar.gz\nuser lqpt\n`,
    );
  });
});

describe("a file's pieces", () => {
  it.each([
    [0, [0]],
    [1, [1]],
    [PIECE_BYTES, [PIECE_BYTES]],
    [2 * PIECE_BYTES + 5, [PIECE_BYTES, PIECE_BYTES, 5]],
  ])("of %d bytes follow one another without a gap", (bytes, lengths) => {
    const pieces = piecesOf(file("a", bytes));
    expect(pieces.map(({ length }) => length)).toEqual(lengths);
    expect(pieces.map(({ offset }) => offset)).toEqual(lengths.map((_, index) => index * PIECE_BYTES));
    expect(new Set(pieces.map(({ name }) => name)).size).toBe(lengths.length);
  });

  it("are those of the archive where that is a file", () => {
    const archive = { from: "file", file: file("a.tar.gz", 3) } as const;
    const nginx = { source: "vendor", files: new Map(), archive } as const;
    expect(filesFor(sampleConfig({ nginx }), sampleHost)).toEqual([archive.file]);
  });
});
