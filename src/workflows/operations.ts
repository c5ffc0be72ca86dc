import { type AuditExportInput, type AuditVerifyInput, exportAudit, verifyAudit } from './audit-export.ts';
import { auditStore } from './audit.ts';
import type { RawMail } from '../domain/mail.ts';
import type { Deps, InspectionDeps } from './deps.ts';
import type { Explanation } from './explain/explain.ts';
import { explainMail } from './explain/explain.ts';
import { explainDraft } from './explain/explain-draft.ts';
import { explainStored } from './explain/explain-stored.ts';
import type { MailsInput, ReadmitInput } from './intake/mail-operations.ts';
import { listMails, readmitMails, showMail } from './intake/mail-operations.ts';
import type { RedistributeInput } from './redistribution/redistribute-operation.ts';
import { redistributeFromTerminal } from './redistribution/redistribute-operation.ts';

export interface ExplainInput {
  readonly files: readonly { readonly name: string; readonly base64: string }[];
  /** Stored mails. */
  readonly ids: readonly number[];
  readonly probe: boolean;
  /** One format for all of the mails that none knows. */
  readonly draft: boolean;
  /** Mails that a drafted format must not take. */
  readonly not?: ExplainInput['files'];
}

/** What the command line can ask, of a running bot or without one. Inputs and outputs are JSON. */
export const operations = {
  async explain(
    deps: InspectionDeps,
    { files, ids, probe, draft, not = [] }: ExplainInput,
  ): Promise<readonly Explanation[]> {
    const toRaw = ({ name, base64 }: ExplainInput['files'][number]): RawMail => ({
      source: Buffer.from(base64, 'base64'),
      via: `file:${name}`,
      receivedAt: deps.clock.now(),
    });
    const named = files.map((file) => ({ file: file.name, raw: toRaw(file) }));
    if (draft) return explainDraft(deps, { named, ids, probe, others: not.map(toRaw) });
    const explanations: Explanation[] = [];
    for (const { file, raw } of named) explanations.push(await explainMail(deps, raw, { file, probe }));
    for (const id of ids) explanations.push(await explainStored(deps, id));
    return explanations;
  },

  audit: auditStore,
  'audit-export': exportAudit,
  'audit-verify': verifyAudit,

  mails: listMails,
  mail: showMail,
};

export type Operation = keyof typeof operations;

/** As `operate`, with what only a running bot can do. */
export async function operateBot(deps: Deps, operation: string, input: unknown): Promise<unknown> {
  if (operation === 'readmit') return readmitMails(deps, input as ReadmitInput);
  if (operation === 'redistribute') return redistributeFromTerminal(deps, input as RedistributeInput);
  return operate(deps, operation, input);
}

/** Runs an operation by its name. @throws Error for a name that is none. */
export async function operate(deps: InspectionDeps, operation: string, input: unknown): Promise<unknown> {
  switch (operation) {
    case 'explain':
      return operations.explain(deps, input as ExplainInput);
    case 'audit':
      return operations.audit(deps);
    case 'audit-export':
      return exportAudit(deps, input as AuditExportInput);
    case 'audit-verify':
      return verifyAudit(deps, input as AuditVerifyInput);
    case 'mails':
      return operations.mails(deps, input as MailsInput);
    case 'mail':
      return operations.mail(deps, input as { id: number });
    default:
      throw new Error(`Unknown operation "${operation}".`);
  }
}
