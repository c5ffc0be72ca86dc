/** What can show that a symptom is over; the last three say that nobody waits for its repair. */
export const evidenceKinds = [
  'word',
  'success',
  'newer-version',
  'answers',
  'repaired',
  'device-left',
  'dismissed',
  'dropped',
] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];

/** Something that was seen or said at some time. What is `null` is not limited: any failure, package or job. */
export interface Evidence {
  readonly kind: EvidenceKind;
  readonly at: Date;
  /** Where it comes from, such as `mail 17` or `log of dist-01`. */
  readonly origin: string;
  /** The only ticket that it is about; `null`: all. */
  readonly ticketId: number | null;
  readonly device: string | null;
  readonly recipient: string | null;
  readonly failure: string | null;
  readonly package: string | null;
  readonly job: string | null;
  readonly service: string | null;
  readonly series: string | null;
}

/** Evidence that limits nothing but its ticket. */
export function evidenceOfTicket(ticketId: number, kind: EvidenceKind, at: Date, origin: string): Evidence {
  const any = { device: null, recipient: null, failure: null, package: null, job: null };
  return { kind, at, origin, ticketId, ...any, service: null, series: null };
}
