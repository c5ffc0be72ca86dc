import type { FailedJob } from '../domain/redistribution.ts';
import type { Selection } from './select.ts';

/** Of what failed only what somebody asked for: one device's failures, or one job's (B5). */
export function narrowSelection(
  selection: Selection,
  isWanted: (failure: Pick<FailedJob, 'job' | 'recipient'>) => boolean,
): Selection {
  const reruns = selection.reruns.map(({ record, recipients }) => ({
    record,
    recipients: recipients.filter((recipient) => isWanted({ job: record.job, recipient })),
  }));
  return {
    failed: selection.failed.filter(isWanted),
    superseded: selection.superseded,
    reruns: reruns.filter(({ recipients }) => recipients.length > 0),
    withoutRecord: selection.withoutRecord.filter(({ failure }) => isWanted(failure)),
  };
}
