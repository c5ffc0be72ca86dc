import type { AlertFields } from '../../domain/alert.ts';
import type { Tx } from '../../domain/store/store.ts';
import { passed, type GateResult } from '../../domain/gate.ts';
import { decidePage } from '../../paging/decide-page.ts';
import type { InspectionDeps } from '../deps.ts';
import { pageSubjectOf } from '../paging/paging.ts';

/** Whether somebody would be told in person about a ticket for this alert, by which rule and from when (A19). */
export async function explainPaging(
  deps: Pick<InspectionDeps, 'inventory' | 'policies' | 'clock'>,
  tx: Tx,
  { failure, region }: Pick<AlertFields, 'failure' | 'region'>,
  target: string,
): Promise<GateResult> {
  const subject = { subject: target, failure, region: deps.inventory.find(target)?.region ?? region };
  const switches = await tx.pagingSwitches();
  const { paging } = deps.policies;
  const decision = decidePage(pageSubjectOf(deps, subject), paging, switches, deps.clock.now());
  return passed('paging', decision.reason, {
    rule: decision.page ? decision.rule.id : null,
    policy: decision.page ? decision.policy.name : null,
    at: decision.page ? decision.at.toISOString() : null,
    offBy: decision.page ? null : (decision.off?.by ?? null),
  });
}
