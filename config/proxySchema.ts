import * as v from "valibot";
import * as field from "./fields";

// Only what needs no quoting in nginx's configuration; "." and ".." would name another path.
const SITE_PATH = /^\/(?:(?!\.{1,2}\/)[A-Za-z0-9_.-]+\/)*$/;

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

const DEFAULT_CHECK_PORT = 8865;
const DEFAULT_ENDPOINT = "https://lqpt.chinatax.gov.cn:8443";

/** `lqpt:site`: what is passed on to Leqi, and how patiently. */
export const siteSchema = v.optional(
  field.object({
    paths: v.optional(
      field.list(
        field.text(
          SITE_PATH,
          "a path of letters, digits, _ . - and /, with / at both ends and no . or .. part",
        ),
        "paths",
      ),
      ["/access/"],
    ),
    methods: v.optional(field.list(field.choice(METHODS), "HTTP methods"), ["POST"]),
    /** False: what does not match is passed on and counted. */
    enforce: v.optional(field.yesNo("whether a call with another path or method is refused"), true),
    maxBodyMiB: v.optional(field.whole(1, 1024, "MiB of a request's body"), 20),
    /** Towards Leqi, in seconds. */
    timeouts: v.optional(
      field.object({
        connect: v.optional(field.whole(1, 75, "seconds"), 5),
        send: v.optional(field.whole(1, 3600, "seconds"), 60),
        read: v.optional(field.whole(1, 3600, "seconds"), 120),
      }),
      {},
    ),
    /** For each source. Leqi's own limits are not published, so these only stop a runaway client. */
    limits: v.optional(
      field.object({
        requestsPerSecond: v.optional(field.whole(1, 10_000, "requests a second"), 1000),
        burst: v.optional(field.whole(1, 10_000, "requests"), 2000),
        connections: v.optional(field.whole(1, 65_535, "connections"), 1000),
      }),
      {},
    ),
  }),
  {},
);

/** `lqpt:leqi`: where Leqi is, and how it is known for what it is. */
export const leqiSchema = v.optional(
  field.object({
    endpoint: v.optional(
      field.origin(["https"], "https://, a host and a port, no path: https://lqpt.chinatax.gov.cn:8443"),
      DEFAULT_ENDPOINT,
    ),
    /** For a host without DNS. */
    addresses: v.optional(
      field.optionalList(field.ipv4("an address of Leqi"), "a list of IPv4 addresses, none twice"),
      [],
    ),
    verify: v.optional(field.choice(["system", "pinned", "off"]), "system"),
    /** PEM, for verify: pinned. */
    ca: v.optional(field.certificates("the CA that signed Leqi's certificate")),
  }),
  {},
);

/** `lqpt:check`: the connectivity test. */
export const checkSchema = v.optional(
  field.object({
    after: v.optional(field.choice(["never", "report", "require"]), "never"),
    /** On 127.0.0.1 of the host. */
    port: v.optional(field.port("a port of 127.0.0.1 for the test through nginx"), DEFAULT_CHECK_PORT),
    /** Answers with the address that it was called from. */
    reflector: v.optional(
      field.text(
        /^https?:\/\/[A-Za-z0-9.-]+(:[1-9]\d{0,4})?(\/[A-Za-z0-9._~/-]*)?$/,
        "an http:// or https:// URL without user, query or fragment",
      ),
    ),
  }),
  {},
);
