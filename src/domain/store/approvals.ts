import type { Approval, ApprovalKind } from '../approval.ts';

/** Who has approved which redistribution. */
export interface ApprovalTx {
  /** Returns false where this person's approval of that kind stands already. */
  addApproval(redistributionId: string, kind: ApprovalKind, approval: Approval): Promise<boolean>;
  /** Returns the approvals of one kind, the void ones too, in order. */
  approvalsOf(redistributionId: string, kind: ApprovalKind): Promise<readonly Approval[]>;
  /** Voids the approvals that stand, of one kind or (`null`) of both. */
  voidApprovals(redistributionId: string, kind: ApprovalKind | null, reason: string): Promise<void>;
}
