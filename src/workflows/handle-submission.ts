import type { FormFaults, ModalSubmission } from '../domain/chat.ts';
import { dropFormId } from '../messages/drop-form.ts';
import { submitDrop } from './ticket/drop-symptoms.ts';
import { ticketForms } from '../messages/ticket-forms.ts';
import { submitAssign, submitSnooze } from './ticket/care-for-ticket.ts';
import { outageFormId } from '../messages/outage-form.ts';
import { canaryFormId } from '../messages/canary.ts';
import { submitCanary } from './redistribution/canary.ts';
import { editFormId } from '../messages/edit-form.ts';
import { dismissFormId } from '../messages/failures.ts';
import { submitDismiss } from './redistribution/failures.ts';
import { exceptionFormId } from '../messages/freeze.ts';
import { submitException } from './redistribution/approve-exception.ts';
import { rejectFormId } from '../messages/reject-form.ts';
import { selectFormId } from '../messages/select-form.ts';
import type { Deps } from './deps.ts';
import { submitReject } from './redistribution/decide-redistribution.ts';
import { submitEdit, submitSelect } from './redistribution/revise-proposal.ts';
import { submitOutage } from './outage/note-outage.ts';
import { thresholdFormId } from '../messages/threshold-form.ts';
import { submitThreshold } from './counting/thresholds-in-slack.ts';

type SubmissionHandler = (deps: Deps, submission: ModalSubmission) => Promise<FormFaults>;

/** Our forms, by their callback id. */
const handlers: Readonly<Record<string, SubmissionHandler>> = {
  [ticketForms.assign]: submitAssign,
  [ticketForms.snooze]: submitSnooze,
  [dropFormId]: submitDrop,
  [outageFormId]: submitOutage,
  [thresholdFormId]: submitThreshold,
  [rejectFormId]: submitReject,
  [dismissFormId]: submitDismiss,
  [exceptionFormId]: submitException,
  [selectFormId]: submitSelect,
  [editFormId]: submitEdit,
  [canaryFormId]: submitCanary,
};

/** A form that somebody sent. @throws Error for one that is not ours. */
export async function handleSubmission(deps: Deps, submission: ModalSubmission): Promise<FormFaults> {
  const handler = handlers[submission.callbackId];
  if (!handler) throw new Error(`no form is called ${submission.callbackId}`);
  return handler(deps, submission);
}
