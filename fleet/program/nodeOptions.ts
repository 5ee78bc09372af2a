import { isMapping } from "../../config/read";
import { readYaml } from "../../config/yaml";

/**
 * The options of Node by which Pulumi runs a project's program; undefined where that is no program that Node loads as it
 * is, and is left to Pulumi.
 *
 * @param text Pulumi.yaml
 */
export function nodeOptions(text: string): string[] | undefined {
  const project = readYaml("Pulumi.yaml", text);
  const runtime = isMapping(project) && project["main"] === undefined ? project["runtime"] : undefined;
  if (!isMapping(runtime) || runtime["name"] !== "nodejs" || !isMapping(runtime["options"])) return undefined;
  const { typescript, nodeargs = "" } = runtime["options"];
  // Quoted words are for whoever takes a shell's line apart.
  if (typescript !== false || typeof nodeargs !== "string" || /["'\\]/.test(nodeargs)) return undefined;
  // A heap that is large from the start is for a process that ends before it needs to be cleaned.
  return nodeargs.split(/\s+/).filter((word) => word !== "" && !word.startsWith("--initial-heap-size"));
}
