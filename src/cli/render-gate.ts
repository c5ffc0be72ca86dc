import type { GateResult } from '../domain/gate.ts';
import { escapeForTerminal } from './terminal-text.ts';

/** `  STOP  domain     domain-not-listed  domain=evil.example` */
export function renderGate({ gate, passed, reason, values }: GateResult): string {
  const shown = Object.entries(values)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${value}`);
  const line = `  ${passed ? 'pass' : 'STOP'}  ${gate.padEnd(10)} ${reason}  ${shown.join(' ')}`;
  return escapeForTerminal(line).trimEnd();
}
