/** Runs work one at a time, from several lanes that take turns: none of them can keep the others waiting. */
export interface Turns<Lane extends string> {
  /** Runs the work once it is its lane's turn; within a lane in the order of the calls. */
  take<T>(lane: Lane, work: () => Promise<T>): Promise<T>;
}

export function createTurns<Lane extends string>(lanes: readonly Lane[]): Turns<Lane> {
  const waiting = new Map<Lane, (() => void)[]>(lanes.map((lane) => [lane, []]));
  let isTaken = false;
  let last = 0;

  /** The next lane after the last one that has somebody waiting. */
  function passOn(): void {
    for (let step = 1; step <= lanes.length; step += 1) {
      const place = (last + step) % lanes.length;
      const lane = lanes[place];
      const next = lane === undefined ? undefined : waiting.get(lane)?.shift();
      if (next) {
        last = place;
        next();
        return;
      }
    }
    isTaken = false;
  }

  return {
    async take(lane, work) {
      if (isTaken) await new Promise<void>((resolve) => void waiting.get(lane)?.push(resolve));
      else {
        isTaken = true;
        last = lanes.indexOf(lane);
      }
      try {
        return await work();
      } finally {
        passOn();
      }
    },
  };
}
