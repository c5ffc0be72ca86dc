import type { Approval } from '../approval.ts';

/** Who has approved which redistribution. */
export interface ApprovalTx {
  /** False where this person's approval stands already. */
  addApproval(redistributionId: string, approval: Approval): Promise<boolean>;
  /** The void ones too, in order. */
  approvalsOf(redistributionId: string): Promise<readonly Approval[]>;
  /** From now on none of those that stand counts. */
  voidApprovals(redistributionId: string, reason: string): Promise<void>;
}
