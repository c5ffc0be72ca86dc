import { and, asc, eq, isNull } from 'drizzle-orm';
import type { ApprovalTx } from '../../domain/store/approvals.ts';
import type { Db } from './database.ts';
import { approvals } from './schema/approvals.ts';

export function approvalQueries(db: Db): ApprovalTx {
  return {
    async addApproval(redistributionId, kind, { person, ...approval }) {
      const added = await db
        .insert(approvals)
        .values({ redistributionId, kind, ...person, ...approval })
        .onConflictDoNothing()
        .returning({ id: approvals.id });
      return added.length === 1;
    },

    async approvalsOf(redistributionId, kind) {
      const rows = await db
        .select()
        .from(approvals)
        .where(and(eq(approvals.redistributionId, redistributionId), eq(approvals.kind, kind)))
        .orderBy(asc(approvals.id));
      return rows.map(({ teamId, userId, at, digest, voided, exception }) => ({
        person: { teamId, userId },
        at,
        digest,
        voided,
        exception,
      }));
    },

    async voidApprovals(redistributionId, kind, reason) {
      await db
        .update(approvals)
        .set({ voided: reason })
        .where(
          and(
            eq(approvals.redistributionId, redistributionId),
            kind === null ? undefined : eq(approvals.kind, kind),
            isNull(approvals.voided),
          ),
        );
    },
  };
}
