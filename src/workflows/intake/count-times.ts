import type { Reading } from '../../domain/alert.ts';
import type { GateResult } from '../../domain/gate.ts';
import { type CountTime, decideCountTime } from '../../threshold/count-time.ts';

/** Gives alerts and recoveries the times at which they count (A9); a wrong clock is noted with the last gate. */
export function withCountTimes(reading: Reading, receivedAt: Date, latenessMs: number): Reading {
  const said = [...reading.alerts, ...reading.recoveries];
  const times = said.map(({ at }) => decideCountTime(at, receivedAt, latenessMs));
  const clock = describeTimes(said, times);
  if (clock === null) return reading;
  const settle = <T extends { readonly at: Date }>(one: T): T => ({
    ...one,
    at: decideCountTime(one.at, receivedAt, latenessMs).at,
  });
  const gates = noteClock(reading.gates, clock);
  if (reading.state === 'accepted') return { ...reading, alerts: reading.alerts.map(settle), gates };
  return { ...reading, recoveries: reading.recoveries.map(settle), gates };
}

/** `clock-skew: said 2026-11-23T18:00:00.000Z`, of the first time that does not count as it is; null where all do. */
function describeTimes(said: readonly { readonly at: Date }[], times: readonly CountTime[]): string | null {
  const index = times.findIndex(({ reason }) => reason !== 'own-time');
  const [one, time] = [said[index], times[index]];
  if (!one || !time) return null;
  const spelled = Number.isNaN(one.at.getTime()) ? 'no time' : one.at.toISOString();
  return `${time.reason}: said ${spelled}, counted at ${time.at.toISOString()}`;
}

function noteClock(gates: readonly GateResult[], clock: string): readonly GateResult[] {
  return gates.map((gate, index) =>
    index === gates.length - 1 ? { ...gate, values: { ...gate.values, clock } } : gate,
  );
}
