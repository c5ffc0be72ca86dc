import { RestageError } from '../domain/errors.ts';
import { parseDuration } from '../domain/duration.ts';
import type { Tx } from '../domain/store/store.ts';
import { codeSpan } from '../messages/escape.ts';
import { renderMarkup } from '../messages/notice.ts';
import { countOf } from '../messages/wording.ts';
import { chainDays } from '../redistribution/audit-chain.ts';
import type { Deps, InspectionDeps } from './deps.ts';

export interface AuditExportInput {
  /** A duration such as `30d`; `null`: all. */
  readonly since: string | null;
}

export interface AuditVerifyInput {
  /** As it was posted: `sha256:HEX`. */
  readonly head: string;
}

/** A day with this head, or `null`: no day has it. */
export interface AuditVerification {
  readonly day: string | null;
  readonly days: number;
}

const dayMs = 24 * 3_600_000;
/** What a transaction wrote late belongs to its day still. */
const settledAfterMs = 3_600_000;

/**
 * Returns the audit as JSON lines: who asked, edited and approved, what ran where, by which digest, with which result; after
 * each day a line with its digest. @throws RestageError `input-invalid`.
 */
export async function exportAudit(
  { store, clock }: InspectionDeps,
  { since }: AuditExportInput,
): Promise<readonly string[]> {
  const lengthMs = since === null ? null : parseDuration(since);
  if (since !== null && lengthMs === null) {
    throw new RestageError(
      'input-invalid',
      `--since takes a duration such as 30d, not ${JSON.stringify(since)}.`,
    );
  }
  const now = clock.now();
  const days = await readDays(store, new Date(now.getTime() + dayMs));
  const first = lengthMs === null ? '' : dayOf(new Date(now.getTime() - lengthMs));
  return days
    .filter(({ day }) => day >= first)
    .flatMap(({ day, lines, digest }) => [...lines, JSON.stringify({ day, entries: lines.length, digest })]);
}

/** Returns which day has this head: then nothing up to that day was changed since the head was posted. */
export async function verifyAudit(
  { store, clock }: InspectionDeps,
  { head }: AuditVerifyInput,
): Promise<AuditVerification> {
  const days = await readDays(store, new Date(clock.now().getTime() + dayMs));
  return { day: days.find(({ digest }) => digest === head)?.day ?? null, days: days.length };
}

/** Posts the digest of yesterday, once, where the config names a channel for it. */
export async function postAuditHead(deps: Deps, tx: Tx, now: Date): Promise<void> {
  const channel = deps.policies.approval.auditChannel;
  if (channel === null) return;
  const today = dayOf(new Date(now.getTime() - settledAfterMs));
  const yesterday = dayOf(new Date(Date.parse(today) - dayMs));
  const id = `audit-${yesterday}`;
  if ((await tx.channelOf(id)) !== null) return;
  const last = chainDays(await tx.auditedBefore(new Date(today))).at(-1);
  const count = last?.day === yesterday ? last.lines.length : 0;
  const head = last === undefined ? 'nothing was audited yet' : `head ${codeSpan(last.digest)}`;
  const body = renderMarkup(`Audit of ${yesterday} (UTC): ${countOf(count, 'entry', 'entries')}, ${head}`);
  await tx.wantDelivery({ id, kind: 'note', subjectId: id, channel, parentId: null, body }, now);
  await tx.enqueue({ queue: 'deliver', channel });
}

async function readDays(store: InspectionDeps['store'], end: Date) {
  return chainDays(await store.snapshot((tx) => tx.auditedBefore(end)));
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
