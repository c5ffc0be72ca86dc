/** What was wrong with one input. */
export interface Finding {
  /** The case's index, or a name of its own. */
  readonly input: number | string;
  readonly what: string;
}

/** What a target reports when it is through. */
export interface TargetReport {
  readonly target: string;
  readonly inputs: number;
  readonly findings: readonly Finding[];
  /** Figures such as `worstLoopMs` and `peakMegabytes`, and how many inputs came to each outcome. */
  readonly figures: Readonly<Record<string, number | string | Readonly<Record<string, number>>>>;
}

/** What every target is given. */
export interface FuzzRun {
  readonly seed: number;
  /** How many inputs the target makes. */
  readonly inputs: number;
  /** Whether the costliest inputs come first, each at its largest. */
  readonly withLargest: boolean;
  /** Tells a person how far it is. */
  readonly say: (text: string) => void;
}

/** Keeps the findings of a target, and the largest figure with its input. */
export class Tally {
  readonly findings: Finding[] = [];
  #worstMs = 0;
  #worstInput: Finding['input'] = '';

  find(input: Finding['input'], what: string): void {
    this.findings.push({ input, what });
  }

  /** Notes what an input cost, and a finding where that is above the bound. Both in ms of the event loop. */
  cost(input: Finding['input'], loopMs: number, boundMs: number): void {
    if (loopMs > this.#worstMs) {
      this.#worstMs = loopMs;
      this.#worstInput = input;
    }
    if (loopMs > boundMs)
      this.find(input, `took ${Math.round(loopMs)} ms of the event loop, over ${boundMs}`);
  }

  get figures(): Readonly<Record<string, number | string>> {
    return { worstLoopMs: Math.round(this.#worstMs * 10) / 10, worstInput: this.#worstInput };
  }
}

/** Rejects when `work` has not ended after `withinMs`: a hang is a finding. */
export async function endsWithin<T>(withinMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`did not end within ${withinMs / 1000} s`)), withinMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
