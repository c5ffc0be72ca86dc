import type { ChatFile } from '../../domain/chat.ts';
import type { Delivery, DeliveryResult } from '../../domain/store/deliveries.ts';
import type { Deps } from '../deps.ts';
import { drawListing } from '../redistribution/show-whole.ts';
import { writeOutputFile } from '../redistribution/output-file.ts';
import type { Sending } from './claimed.ts';
import { failSlack } from './fail-slack.ts';
import { done, skip } from './outcome.ts';

export function isFile({ kind }: Delivery): boolean {
  return kind === 'listing' || kind === 'output';
}

/**
 * A file can't be found again: where an earlier call may have shared it, it is left at that. Its message has it in words.
 * null: another bot has taken the delivery over.
 */
export async function sendFile(deps: Deps, delivery: Sending): Promise<DeliveryResult | null> {
  const { lease } = delivery;
  if (delivery.doubt) return skip(deps, delivery);
  const file = await drawFile(deps, delivery).catch((error: unknown) => {
    deps.log.warn({ delivery: delivery.id, error: String(error) }, 'file not drawn');
    return null;
  });
  if (!file) return skip(deps, delivery);
  if (!(await lease.check())) return null;
  try {
    const target = { channel: delivery.channel, threadTs: delivery.threadTs };
    await deps.chat.upload(target, file, lease.signal);
    return { ...done(deps), sent: delivery.wanted };
  } catch (error) {
    return lease.signal.aborted ? null : await failSlack(deps, delivery, error, 'post');
  }
}

function drawFile(deps: Deps, { kind, subjectId }: Delivery): Promise<ChatFile | null> {
  return kind === 'output' ? writeOutputFile(deps, subjectId) : drawListing(deps, subjectId);
}
