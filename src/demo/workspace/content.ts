import type { KnownBlock } from '@slack/types';
import { isRecord } from './checks.ts';
import { checkBlocks, limits, measureText } from './limits.ts';
import type { MessageMetadata } from './model.ts';
import { ApiError } from './web-api/call.ts';

/** Blocks as Slack would take them; else an `ApiError` that names the place. */
export function readBlocks(value: unknown): readonly KnownBlock[] {
  const problems = checkBlocks(value, 'message');
  if (!isAccepted(value, problems)) throw new ApiError('invalid_blocks', problems);
  if (value.filter((block) => block.type === 'table').length > 1)
    throw new ApiError('only_one_table_allowed');
  if (measureText(value) > limits.messageBlocksText) throw new ApiError('msg_blocks_too_long');
  return value;
}

/** After the checks of `limits.ts` these are blocks, as far as Slack itself looks. */
export function isAccepted(value: unknown, problems: readonly string[]): value is readonly KnownBlock[] {
  return problems.length === 0;
}

/** Null for an empty object, which is how metadata is taken away. */
export function readMetadata(value: unknown): MessageMetadata | null {
  if (isRecord(value) && Object.keys(value).length === 0) return null;
  if (isRecord(value)) {
    const { event_type: eventType, event_payload: payload } = value;
    if (typeof eventType === 'string' && isRecord(payload)) {
      return { event_type: eventType, event_payload: payload };
    }
  }
  throw new ApiError('invalid_metadata_format');
}
