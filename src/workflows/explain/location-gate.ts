import { type GateResult, passed } from '../../domain/gate.ts';
import type { VerifiedLocation } from '../../domain/ticket.ts';

/** What the location check found (A12), as a gate: it stops nothing. */
export function locationGate({ known, building, room, corrections }: VerifiedLocation): GateResult {
  const values = { building, room, corrections: corrections.join('; ') || null };
  return passed('location', known ? 'in-inventory' : 'not-in-inventory', values);
}
