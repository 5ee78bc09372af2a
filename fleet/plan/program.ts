/**
 * What decides how a file becomes a document, and what carries it out on a host. Pulumi takes a Pulumi.json for its project
 * before it looks for Pulumi.yaml.
 */
const PROGRAM =
  /^(index\.ts|Pulumi\.(?:json|yaml|yml)|package\.json|package-lock\.json|tsconfig\.json|\.npmrc|tools\/[^/]+\.js)$|^(components|config|documents|host)\//;

/**
 * Of changed files those of the program: a change of them reaches hosts too, and which hosts no list of addresses tells.
 *
 * @param files below the project's folder
 */
export function programFiles(files: readonly string[]): string[] {
  return files.filter((file) => PROGRAM.test(file));
}
