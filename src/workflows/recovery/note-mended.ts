import type { Evidence, EvidenceKind } from '../../domain/evidence.ts';
import type { ClearedJob } from '../../domain/store/failed-jobs.ts';
import type { Tx } from '../../domain/store/store.ts';
import { attendAbout } from '../intake/note-recoveries.ts';

/**
 * Keeps that what had failed at recipients has reached them since, or that nobody waits for it, and has the tickets
 * that it concerns judged (A17).
 */
export async function noteMended(
  tx: Tx,
  mended: readonly ClearedJob[],
  { kind, at, origin }: Pick<Evidence, 'at' | 'origin'> & { readonly kind: EvidenceKind },
): Promise<void> {
  if (mended.length === 0) return;
  const any = { ticketId: null, device: null, failure: null, service: null, series: null };
  const evidence = mended.flatMap(({ job, toldAs, recipient, package: name }) =>
    // Alerts may call the job in another way than the log.
    [...new Set([job, toldAs ?? job])].map((called) => ({
      ...{ ...any, kind, at, origin, recipient, job: called },
      package: name === '' ? null : name,
    })),
  );
  await tx.addEvidence(evidence);
  await attendAbout(tx, [...new Set(mended.map(({ recipient }) => recipient))]);
}
