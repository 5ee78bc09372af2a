import type { Trouble } from "../../documents/checkReport";
import type { RolloutWords } from "../../words/rollout";
import type { Finding } from "../drift/judge";

/**
 * Why a stack is judged as it is, or became what it did:
 *
 * - `mistaken`: its file has a mistake now, or is gone
 * - `unreached`: its hosts are by bundle, or out
 * - `emptied`: its file names no host any more
 * - `account`: the account that it is reached by was not let in at another stack's host
 * - `newer`, `unknown`: a revision was rolled out to it that is not in this one's past, or not known here
 * - `unremembered`: no rollout is remembered with it, so the documents decide
 * - `same`: it has moved since the review, and planned again the change means the same
 * - `partly`: an earlier rollout has brought a part of what was reviewed, and the rest follows
 * - `otherwise`: planned again the change means something else
 * - `notOfProgram`: the program alone was reviewed, and its file has changed as well
 * - `noBase`, `otherBase`: what it had at the review is not known, or its state is of no revision that is known here
 * - `meanwhile`: it has been updated by somebody else since this run judged it
 * - `budget`, `canary`, `person`: too many others failed, a canary was not changed, or somebody stopped the run
 * - `window`: when it may be changed
 * - `hosts`: its hosts are not as they should be
 * - `check`: its hosts do not reach Leqi
 * - `said`: in somebody else's words: Pulumi's, or an error's
 */
export type Why =
  | {
      readonly kind:
        | "mistaken"
        | "unreached"
        | "emptied"
        | "account"
        | "unremembered"
        | "same"
        | "partly"
        | "otherwise"
        | "noBase"
        | "otherBase"
        | "notOfProgram"
        | "meanwhile"
        | "budget"
        | "canary"
        | "person";
    }
  | { readonly kind: "newer" | "unknown"; readonly commit: string }
  | { readonly kind: "window" | "said"; readonly text: string }
  | { readonly kind: "hosts"; readonly hosts: readonly HostTrouble[] }
  | { readonly kind: "check"; readonly hosts: readonly WayTrouble[] };

/** What is wrong with one host. `silent`: it does not answer; `unlike`: it has another document than it should now. */
export interface HostTrouble {
  readonly host: string;
  readonly kind: Finding["kind"] | "silent" | "unlike";
  readonly detail: string;
}

/** What keeps one host from Leqi. */
export interface WayTrouble {
  readonly host: string;
  readonly trouble: Trouble;
}

/** As a person reads it; empty where there is nothing to say. */
export function whyText(why: Why | undefined, words: RolloutWords): string {
  if (why === undefined) return "";
  switch (why.kind) {
    case "window":
    case "said":
      return why.text;
    case "newer":
    case "unknown":
      return words.whys[why.kind](why.commit);
    case "hosts":
      return why.hosts.map(({ host, kind, detail }) => `${host}: ${words.hosts[kind](detail)}`).join("; ");
    case "check":
      return why.hosts.map(({ host, trouble }) => `${host}: ${words.check(trouble)}`).join("; ");
    case "mistaken":
    case "unreached":
    case "emptied":
    case "account":
    case "unremembered":
    case "same":
    case "partly":
    case "otherwise":
    case "noBase":
    case "otherBase":
    case "notOfProgram":
    case "meanwhile":
    case "budget":
    case "canary":
    case "person":
      return words.whys[why.kind];
  }
}
