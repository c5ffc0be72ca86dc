import type { AuditSums } from '../domain/store/mails.ts';
import type { InspectionDeps } from './deps.ts';
import type { Explanation } from './explain.ts';
import { explainMail } from './explain.ts';

export interface ExplainInput {
  readonly files: readonly { readonly name: string; readonly base64: string }[];
  readonly probe: boolean;
}

export interface AuditReport extends AuditSums {
  /** Every mail and every alert is in exactly one state, and no alert got lost on its way. */
  readonly balanced: boolean;
}

/** What the command line can ask, of a running bot or without one. Inputs and outputs are JSON. */
export const operations = {
  async explain(deps: InspectionDeps, input: ExplainInput): Promise<readonly Explanation[]> {
    const explanations: Explanation[] = [];
    for (const { name, base64 } of input.files) {
      const raw = {
        source: Buffer.from(base64, 'base64'),
        via: `file:${name}`,
        receivedAt: deps.clock.now(),
      };
      explanations.push(await explainMail(deps, raw, { file: name, probe: input.probe }));
    }
    return explanations;
  },

  async audit(deps: InspectionDeps): Promise<AuditReport> {
    const sums = await deps.store.transaction((tx) => tx.sums());
    const inStates = Object.values(sums.alerts).reduce((total, n) => total + n, 0);
    return { ...sums, balanced: inStates === sums.alertsInMails };
  },
};

export type Operation = keyof typeof operations;

/** Runs an operation by its name. @throws Error for a name that is none. */
export async function operate(deps: InspectionDeps, operation: string, input: unknown): Promise<unknown> {
  switch (operation) {
    case 'explain':
      return operations.explain(deps, input as ExplainInput);
    case 'audit':
      return operations.audit(deps);
    default:
      throw new Error(`Unknown operation "${operation}".`);
  }
}
