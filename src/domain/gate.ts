/** The gates an alert passes, in their order. */
export const gateNames = [
  'mime',
  'domain',
  'subject',
  'time',
  'format',
  'node',
  'threshold',
  'outage',
  'diagnosis',
  'location',
  'route',
  'paging',
] as const;
export type GateName = (typeof gateNames)[number];

/** What one gate decided, with the values it saw: the answer to "why is there no ticket?". */
export interface GateResult {
  readonly gate: GateName;
  readonly passed: boolean;
  /** A stable word in kebab-case, such as `domain-not-listed`; counted, stored and shown. */
  readonly reason: string;
  readonly values: Readonly<Record<string, string | number | null>>;
}

/** Returns the gate that decided: the last one that stopped, else the last one; `undefined` if there is none. */
export function findDecisive(gates: readonly GateResult[]): GateResult | undefined {
  return gates.findLast((gate) => !gate.passed) ?? gates.at(-1);
}

export function passed(gate: GateName, reason: string, values: GateResult['values'] = {}): GateResult {
  return { gate, passed: true, reason, values };
}

export function stopped(gate: GateName, reason: string, values: GateResult['values'] = {}): GateResult {
  return { gate, passed: false, reason, values };
}
