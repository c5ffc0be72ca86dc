import type { FailedJob } from '../domain/redistribution.ts';
import { keyOf } from './key-of.ts';
import type { Selection } from './select.ts';

/** Of what failed only what somebody asked for: one device's failures, or one job's (B5). */
export function narrowSelection(selection: Selection, isWanted: (failure: FailedJob) => boolean): Selection {
  const failed = selection.failed.filter(isWanted);
  const wanted = new Set(failed.map(({ job, recipient }) => keyOf(job, recipient)));
  const reruns = selection.reruns.map(({ record, recipients, untold, outdated }) => {
    const isWantedHere = (recipient: string) => wanted.has(keyOf(record.job, recipient));
    return {
      record,
      recipients: recipients.filter(isWantedHere),
      untold: untold.filter(isWantedHere),
      outdated: outdated.filter(({ failure }) => isWanted(failure)),
    };
  });
  return {
    failed,
    superseded: selection.superseded.filter(({ failure }) => isWanted(failure)),
    reruns: reruns.filter(({ recipients }) => recipients.length > 0),
    ahead: selection.ahead,
    atEdge: selection.atEdge.filter(isWanted),
    doubtful: selection.doubtful.filter(({ failure }) => isWanted(failure)),
    withoutRecord: selection.withoutRecord.filter(({ failure }) => isWanted(failure)),
  };
}
