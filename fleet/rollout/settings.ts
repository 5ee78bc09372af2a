import * as v from "valibot";
import { ConfigError } from "../../config/errors";
import type { ProjectFolder } from "../../config/projectFolder";
import * as field from "../../config/fields";
import { Findings, isMapping, keysRule, Place, readEach } from "../../config/read";
import { readYaml } from "../../config/yaml";

/** Beside Pulumi.yaml. */
export const FLEET_FILE = "fleet.yaml";

/** How a rollout goes over a fleet. */
export interface FleetSettings {
  /** Stacks that go first, alone; none: the first group is the first wave. */
  readonly canary: readonly string[];
  /** How many stacks make a wave after that. */
  readonly group: number;
  /** How many stacks are changed at a time. */
  readonly pool: number;
  /** How many stacks may fail before nothing new is begun. */
  readonly budget: number;
  /** Whether each wave's hosts call Leqi before the next is begun. */
  readonly check: boolean;
}

const names = v.array(v.string("a list of stacks' names"), "a list of stacks' names");

/** The keys of fleet.yaml, each with its default. */
export const fleetSchema = field.object({
  canary: v.optional(names, []),
  group: v.optional(field.whole(1, 1000, "how many stacks make a wave"), 50),
  pool: v.optional(field.whole(1, 64, "how many stacks are changed at a time"), 4),
  budget: v.optional(field.whole(0, 1000, "how many stacks may fail before nothing new is begun"), 0),
  check: v.optional(field.yesNo("whether each wave's hosts call Leqi before the next wave"), false),
});

/**
 * Reads fleet.yaml; where there is none, the defaults.
 *
 * @throws ConfigError with all its mistakes at once.
 */
export function readFleetSettings(folder: ProjectFolder): FleetSettings {
  const content = readYaml(FLEET_FILE, folder.text(FLEET_FILE) ?? "") ?? {};
  const findings = new Findings();
  const place = new Place(FLEET_FILE, findings);
  if (!isMapping(content)) place.wrong(content, { allowed: keysRule(fleetSchema.entries) });
  const values = readEach(fleetSchema, isMapping(content) ? content : {}, place);
  if (findings.issues.length === 0) return v.parse(fleetSchema, values);
  // Its keys are its own, and no stack's.
  throw new ConfigError(
    findings.issues.map((issue) => ({
      ...issue,
      path: issue.path.replace(/^lqpt:/, "") || "the file itself",
    })),
  );
}
