import type { ModalSubmission } from '../domain/chat.ts';
import type { Deps } from './deps.ts';

/** What is wrong with a form, by block id; null: it is taken. */
export type FormFaults = Readonly<Record<string, string>> | null;

type SubmissionHandler = (deps: Deps, submission: ModalSubmission) => Promise<FormFaults>;

/** Our forms, by their callback id. */
const handlers: Readonly<Record<string, SubmissionHandler>> = {};

/** A form that somebody sent. @throws Error for one that is not ours. */
export async function handleSubmission(deps: Deps, submission: ModalSubmission): Promise<FormFaults> {
  const handler = handlers[submission.callbackId];
  if (!handler) throw new Error(`no form is called ${submission.callbackId}`);
  return handler(deps, submission);
}
