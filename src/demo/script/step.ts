/** One step of the story, with what was seen. */
export interface Step {
  readonly step: string;
  readonly ok: boolean;
  readonly saw: string;
}

/** Tells a step, and whether it held. */
export type Check = (step: string, holds: boolean, saw: string) => void;
