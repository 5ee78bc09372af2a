import { ConfigError, type ConfigIssue } from "../config/errors";
import { stackFile } from "../config/input";
import type { ProjectFolder } from "../config/projectFolder";
import { isPrivate } from "../config/ranges";
import { fullWidthIn } from "../config/spelling";
import type { StackConfig } from "../config/types";
import { clashesOf } from "../fleet/newClashes";
import { checkNewStack, newMark } from "../fleet/newStack";
import type { QuestionWords } from "../words/questions";
import { answersOf, BESIDE_BASTION, NamedTwice, type NewOptions } from "./newAnswers";

/** Why an answer cannot stand, in the language of the question; undefined where it can. */
export type AnswerCheck = (answer: string) => string | undefined;

/** What stands for what is not answered yet, and makes no mistake of its own. */
const UNANSWERED: NewOptions = {
  ...({ environment: ["prod"], topology: "public-cloud", leqiId: "0", tls: "self-signed" } as const),
  host: ["192.0.2.1"],
};
/** The same where a flag says that there is a bastion. */
const UNANSWERED_BASTION: NewOptions = { bastion: "192.0.2.2", bastionUser: "root" };

/** Where the file has what each option says. */
const PATHS = {
  leqiId: "lqpt:leqiId",
  customer: "lqpt:customer.name",
  creditCode: "lqpt:customer.creditCode",
  registeredIp: "lqpt:registeredIp",
  host: "lqpt:hosts",
  user: "lqpt:hosts.proxy-1.user",
  bastion: "lqpt:bastions.jump-1.address",
  bastionUser: "lqpt:bastions.jump-1.user",
  allow: "lqpt:allow",
} as const;
type Checked = keyof typeof PATHS;

/** Looks at each answer as it is given: where a mistake is told at the end, all of them are given again. */
export class AnswerChecks {
  constructor(
    private readonly folder: ProjectFolder,
    private readonly stack: string,
    private readonly words: QuestionWords,
  ) {}

  /**
   * Looks at the flags before anything is asked.
   *
   * @throws Error with their mistakes.
   */
  refuseFlags(options: NewOptions): void {
    const given = (Object.keys(PATHS) as Checked[]).filter((option) => options[option] !== undefined);
    // Who may reach it depends on where its back ends are.
    const settled = given.filter((option) => option !== "allow" || options.topology !== undefined);
    const issues = settled.flatMap((option) => this.issue(option, options) ?? []);
    if (issues.length > 0) throw new ConfigError(issues);
  }

  /**
   * What a question asks with each answer.
   *
   * @param options those that the answer makes: all that it depends on
   */
  of(option: Checked, options: (answer: string) => NewOptions): AnswerCheck {
    const { expected, refused, twice } = this.words;
    return (answer) => {
      const wide = fullWidthIn(asciiOf(option, answer));
      try {
        const issue = this.issue(option, options(answer));
        return issue && refused(wide, issue.problem, expected[option], issue.next);
      } catch (error) {
        return refused(wide, error instanceof NamedTwice ? twice : undefined, expected[option], undefined);
      }
    };
  }

  private issue(option: Checked, options: NewOptions): ConfigIssue | undefined {
    const isBehind = ["bastion", ...BESIDE_BASTION].some((name) => name in options);
    const complete = { ...UNANSWERED, ...(isBehind ? UNANSWERED_BASTION : {}), ...options };
    return this.issues(option, complete).find(
      ({ file, path }) => file === stackFile(this.stack) && path.startsWith(PATHS[option]),
    );
  }

  private issues(option: Checked, options: NewOptions): readonly ConfigIssue[] {
    const { folder, stack } = this;
    try {
      const config = checkNewStack(folder, stack, newMark(stack), answersOf(options));
      return option === "host" && isReachedSo(config) ? clashesOf(folder, config) : [];
    } catch (error) {
      if (error instanceof ConfigError) return error.issues;
      throw error;
    }
  }
}

/** What of an answer is to be in ASCII. */
function asciiOf(option: Checked, answer: string): string {
  if (option === "customer") return "";
  return option === "allow" ? (answer.split(/[=＝]/)[0] ?? "") : answer;
}

/** Behind a bastion, which is asked for later, a private address may be another machine than elsewhere. */
function isReachedSo({ hosts }: StackConfig): boolean {
  return hosts.every(({ address, bastion }) => bastion !== undefined || !isPrivate(address));
}
