import { randomUUID } from "node:crypto";
import { type PostOptions, type PostResult, post, tryToConnect } from "./attempt";

/** What to try over and over: to open a connection, or to get an answer. Each try has a connection of its own. */
export type Watched = (
  | { readonly address: string; readonly port: number }
  /** `other`: where to ask when there is no answer at the first. */
  | ({ readonly url: string; readonly other?: string } & PostOptions)
) & {
  readonly perSecond: number;
  /** Of one try. Default 1000. */
  readonly timeoutMs?: number;
  /** A header in which each try has a value of its own, by which the other end tells them apart. Default: none. */
  readonly numbered?: string;
};

export interface Figures {
  /** Tries that have ended. */
  readonly attempts: number;
  /** Connections opened, or answers with a status below 400. */
  readonly succeeded: number;
  readonly failed: number;
  /** Times that a TCP connection stood, whatever came after. */
  readonly handshakes: number;
  /** How many tries ended how: `open`, `filtered`, `timeout`; or for answers their status, `200`. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Milliseconds from the start of the watch. */
  readonly firstFailure?: { readonly atMs: number; readonly outcome: string };
  readonly firstSuccessMs?: number;
  readonly lastSuccessMs?: number;
  /** The longest time without a success, the watch's start and end included. */
  readonly longestGapMs: number;
  /** Until no more tries were started. */
  readonly durationMs: number;
}

interface Try {
  readonly outcome: string;
  readonly succeeded: boolean;
  readonly handshake: boolean;
}

/** Tries again and again, at a steady rate whatever becomes of the tries before. */
export class Repeater {
  private readonly began = performance.now();
  private readonly name = randomUUID();
  private readonly timer: NodeJS.Timeout;
  private readonly pending = new Set<Promise<void>>();
  private readonly outcomes: Record<string, number> = {};
  private started = 0;
  private attempts = 0;
  private succeeded = 0;
  private handshakes = 0;
  private longestGapMs = 0;
  private firstFailure: { readonly atMs: number; readonly outcome: string } | undefined;
  private firstSuccessMs: number | undefined;
  private lastSuccessMs: number | undefined;
  /** When tries ceased: that nothing succeeds after that is no gap, however long the last of them takes. */
  private ceasedMs: number | undefined;

  constructor(private readonly what: Watched) {
    this.timer = setInterval(() => {
      this.catchUp();
    }, 5);
  }

  figures(): Figures {
    const durationMs = this.ceasedMs ?? this.now();
    return {
      attempts: this.attempts,
      succeeded: this.succeeded,
      failed: this.attempts - this.succeeded,
      handshakes: this.handshakes,
      outcomes: { ...this.outcomes },
      ...(this.firstFailure === undefined ? {} : { firstFailure: this.firstFailure }),
      ...(this.firstSuccessMs === undefined ? {} : { firstSuccessMs: this.firstSuccessMs }),
      ...(this.lastSuccessMs === undefined ? {} : { lastSuccessMs: this.lastSuccessMs }),
      longestGapMs: Math.max(this.longestGapMs, durationMs - (this.lastSuccessMs ?? 0)),
      durationMs,
    };
  }

  /** Starts no more tries, waits for those under way. */
  async stop(): Promise<Figures> {
    clearInterval(this.timer);
    this.ceasedMs ??= this.now();
    await Promise.all(this.pending);
    return this.figures();
  }

  private now(): number {
    return Math.round(performance.now() - this.began);
  }

  private catchUp(): void {
    const due = Math.floor((this.now() / 1000) * this.what.perSecond) + 1;
    for (; this.started < due; this.started += 1) {
      const one = this.tryOnce(this.started).then((outcome) => {
        this.count(outcome);
        this.pending.delete(one);
      });
      this.pending.add(one);
    }
  }

  private async tryOnce(number: number): Promise<Try> {
    const { what } = this;
    const timeoutMs = what.timeoutMs ?? 1000;
    if (!("url" in what)) {
      const outcome = await tryToConnect(what.address, what.port, timeoutMs);
      return { outcome, succeeded: outcome === "open", handshake: outcome === "open" };
    }
    let handshake = false;
    const headers = what.numbered === undefined ? {} : { [what.numbered]: `${this.name}-${String(number)}` };
    const ask = async (url: string): Promise<PostResult> =>
      post(url, { ...what, headers: { ...what.headers, ...headers }, timeoutMs }, () => {
        handshake = true;
      });
    const first = await ask(what.url);
    const result = first.outcome === "answered" || what.other === undefined ? first : await ask(what.other);
    return result.outcome === "answered"
      ? { outcome: String(result.status), succeeded: result.status < 400, handshake }
      : { outcome: result.outcome, succeeded: false, handshake };
  }

  private count({ outcome, succeeded, handshake }: Try): void {
    const atMs = Math.min(this.now(), this.ceasedMs ?? Infinity);
    this.attempts += 1;
    this.handshakes += handshake ? 1 : 0;
    this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + 1;
    if (!succeeded) {
      this.firstFailure ??= { atMs, outcome };
      return;
    }
    this.succeeded += 1;
    this.firstSuccessMs ??= atMs;
    this.longestGapMs = Math.max(this.longestGapMs, atMs - (this.lastSuccessMs ?? 0));
    this.lastSuccessMs = atMs;
  }
}
