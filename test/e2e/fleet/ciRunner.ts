import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { commitAll, git } from "../../support/git";
import { type ProgramResult, run } from "../../support/programs";
import { IN_ENGLISH, LQPT, PROJECT } from "../../support/stack";
import { SMALL } from "../../unit/config/stacks";
import { makeFolder, writeStack } from "../../unit/fleet/folder";

/** The files that people copy. */
export const CI = join(PROJECT, "docs", "ci");

/** As the runners have them, but that lqpt is this one, and GitHub a folder. */
const AROUND = `
npx() { shift; ${process.execPath} ${LQPT} "$@"; }
npm() { :; }
curl() {
  echo "curl $*" >>"$GITHUB/calls"
  case "$*" in
  */user) echo '{"id":7}' ;;
  *per_page*) cat "$GITHUB/notes" ;;
  esac
}
gh() {
  echo "gh $*" >>"$GITHUB/calls"
  case "$*" in
  *--paginate*) [ ! -e "$GITHUB/id" ] || cat "$GITHUB/id" ;;
  *body=@*) cp plan.md "$GITHUB/comment" ;;
  esac
}
`;

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly run?: string;
}

/** The shell of one step of a job. */
export function stepOf(file: string, job: string, which: (step: Step) => boolean): string {
  const { jobs } = parse(readFileSync(join(CI, file), "utf8")) as { jobs: Record<string, { steps: Step[] }> };
  const found = jobs[job]?.steps.find((step) => step.run !== undefined && which(step))?.run;
  if (found === undefined) throw new Error(`${file} has no such step in ${job}`);
  return found;
}

/** A repository with one stack, and a runner that has it checked out. */
export class CiRunner {
  readonly folder = makeFolder();
  /** What the platform keeps, as files. */
  readonly platform = mkdtempSync(join(tmpdir(), "lqpt-github-"));

  constructor() {
    this.git("init", "--quiet", "--initial-branch", "main");
    writeFileSync(join(this.folder, ".gitignore"), "/plan.*\n");
    this.commit({ allow: { "121.36.53.5": "ACME" } });
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true });
    rmSync(this.platform, { recursive: true });
  }

  git(...words: readonly string[]): string {
    return git(this.folder, ...words);
  }

  /** Commits the stack with other values, and says which commit that is. */
  commit(values: Readonly<Record<string, unknown>>): string {
    writeStack(this.folder, "acme-prod", { ...SMALL, ...values });
    return commitAll(this.folder, "x");
  }

  /** The same on a branch that is not checked out, as a pull request's is not. */
  head(values: Readonly<Record<string, unknown>>): string {
    this.git("switch", "--quiet", "--create", "feature");
    const made = this.commit(values);
    this.git("switch", "--quiet", "main");
    this.git("update-ref", "refs/lqpt/head", made);
    return made;
  }

  /** Runs a step's shell as the runners do. */
  async shell(script: string, env: Readonly<Record<string, string>> = {}): Promise<ProgramResult> {
    return run("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", `${AROUND}${script}`], {
      cwd: this.folder,
      env: {
        ...IN_ENGLISH,
        GITHUB: this.platform,
        RUNNER_TEMP: this.platform,
        GITHUB_OUTPUT: join(this.platform, "output"),
        GITHUB_STEP_SUMMARY: join(this.platform, "summary"),
        ...env,
      },
      timeoutMs: 60_000,
    });
  }

  /** A file of what the platform keeps. */
  kept(name: string): string {
    return readFileSync(join(this.platform, name), "utf8");
  }
}
