import type { Reading } from '../../domain/alert.ts';
import { findDecisive } from '../../domain/gate.ts';
import type { InspectionDeps } from '../../workflows/deps.ts';
import { readMail } from '../../workflows/intake/read-mail.ts';
import { createMailMaker, senderOf, withLineEnd } from '../mails.ts';
import { measureLoopTime, readPeakBytes } from '../processor-time.ts';
import { type FuzzRun, Tally, type TargetReport } from '../target.ts';

/** Processor time of the event loop that reading one mail of up to 8 MB may take, in ms. */
const mostLoopMs = 50;

/** The report, and the identity of each mail by its index; `null` if it could not be read in time. */
export interface ReadingReport extends TargetReport {
  readonly keys: readonly (string | null)[];
}

/** Reads mutated and hostile mail, one after the other, as every door has it read. Whatever is in it, it ends, at a bounded cost. */
export async function fuzzReading(
  deps: InspectionDeps,
  { seed, inputs, withLargest, say }: FuzzRun,
): Promise<ReadingReport> {
  const tally = new Tally();
  const makeMail = createMailMaker({ seed, withLargest });
  const keys: (string | null)[] = [];
  const outcomes: Record<string, number> = {};
  for (let index = 0; index < inputs; index += 1) {
    const { name, bytes } = makeMail(index);
    const source = Buffer.concat([Buffer.from(`Return-Path: <${senderOf(index)}>\r\n`), withLineEnd(bytes)]);
    const raw = { source, via: 'smtp', receivedAt: new Date() };
    keys[index] = null;
    let outcome = 'failed';
    const read = async () => {
      const { key, reading } = await readMail(deps, raw);
      keys[index] = key;
      outcome = outcomeOf(reading);
    };
    try {
      tally.cost(name, await measureLoopTime(mostLoopMs, read), mostLoopMs);
    } catch (error) {
      tally.find(name, `reading: ${String(error)}`);
    }
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (index % 10_000 === 9_999) say(`reading: ${index + 1} mails`);
  }
  // Of this process, which makes the mails too: the bot's own is measured at its door.
  const figures = { ...tally.figures, ownMegabytes: Math.round(readPeakBytes() / 1e6), outcomes };
  return { target: 'reading', inputs, findings: tally.findings, figures, keys };
}

/** What became of a mail: the format that counted it, else the gate and the reason that stopped it. */
function outcomeOf({ state, format, gates }: Reading): string {
  if (state === 'accepted') return `accepted ${format}`;
  const decided = findDecisive(gates);
  return `${state} ${decided?.gate} ${decided?.reason}`;
}
