import { and, asc, eq, isNull } from 'drizzle-orm';
import type { ApprovalTx } from '../../domain/store/approvals.ts';
import type { Db } from './database.ts';
import { approvals } from './schema/approvals.ts';

export function approvalQueries(db: Db): ApprovalTx {
  return {
    async addApproval(redistributionId, { person, ...approval }) {
      const added = await db
        .insert(approvals)
        .values({ redistributionId, ...person, ...approval })
        .onConflictDoNothing()
        .returning({ id: approvals.id });
      return added.length === 1;
    },

    async approvalsOf(redistributionId) {
      const rows = await db
        .select()
        .from(approvals)
        .where(eq(approvals.redistributionId, redistributionId))
        .orderBy(asc(approvals.id));
      return rows.map(({ teamId, userId, at, digest, voided }) => ({
        person: { teamId, userId },
        at,
        digest,
        voided,
      }));
    },

    async voidApprovals(redistributionId, reason) {
      await db
        .update(approvals)
        .set({ voided: reason })
        .where(and(eq(approvals.redistributionId, redistributionId), isNull(approvals.voided)));
    },
  };
}
