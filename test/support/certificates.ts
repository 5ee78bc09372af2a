import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mustRun } from "./programs";

/** Where the two PEM files are. */
export interface Certificate {
  readonly key: string;
  readonly certificate: string;
}

/** A certificate authority of the lab's own. */
export class Authority {
  private constructor(private readonly folder: string) {}

  static async create(folder: string): Promise<Authority> {
    const authority = new Authority(folder);
    const { key, certificate } = authority.files("ca");
    await mustRun("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-subj", "/CN=lqpt lab CA", "-days", "30", "-keyout", key, "-out", certificate],
    ]);
    return authority;
  }

  /** The authority's own certificate, as PEM. */
  get pem(): string {
    return readFileSync(this.files("ca").certificate, "utf8");
  }

  /**
   * A server's certificate for this name.
   *
   * @param file what its files are called; default the name
   * @param days how long it is good for, from now; negative: since how long it is not any more
   */
  async issue(name: string, { file = name, days = 30 } = {}): Promise<Certificate> {
    const issued = this.files(file);
    const ca = this.files("ca");
    const request = join(this.folder, `${file}.csr`);
    const extensions = join(this.folder, `${file}.ext`);
    writeFileSync(extensions, `subjectAltName=DNS:${name}\nextendedKeyUsage=serverAuth\n`);
    await mustRun("openssl", [
      ...["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-subj", `/CN=${name}`, "-keyout", issued.key, "-out", request],
    ]);
    await mustRun("openssl", [
      ...["x509", "-req", "-in", request, "-CA", ca.certificate, "-CAkey", ca.key, "-CAcreateserial"],
      ...["-days", String(days), "-extfile", extensions, "-out", issued.certificate],
    ]);
    return issued;
  }

  private files(name: string): Certificate {
    return { key: join(this.folder, `${name}.key`), certificate: join(this.folder, `${name}.pem`) };
  }
}
