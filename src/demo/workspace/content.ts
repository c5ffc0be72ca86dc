import type { KnownBlock } from '@slack/types';
import { isRecord } from './record.ts';
import { checkAttachments, checkBlocks, checkMetadata, measureText } from './block-kit/check-blocks.ts';
import { limits } from './limits.ts';
import type { MessageMetadata } from './model.ts';
import { ApiError } from './web-api/call.ts';

/** Blocks as Slack would take them; else an `ApiError` that names the place. */
export function readBlocks(value: unknown): readonly KnownBlock[] {
  const problems = checkBlocks(value);
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

/** Attachments as Slack would take them; else an `ApiError` that names the place. */
export function readAttachments(value: unknown): readonly unknown[] {
  const problems = checkAttachments(value);
  if (Array.isArray(value) && value.length > limits.attachments) throw new ApiError('too_many_attachments');
  if (problems.length > 0 || !Array.isArray(value)) throw new ApiError('invalid_attachments', problems);
  return value;
}

/** Null for an empty object, which is how metadata is taken away. */
export function readMetadata(value: unknown): MessageMetadata | null {
  if (!isRecord(value)) throw new ApiError('invalid_metadata_format');
  if (Object.keys(value).length === 0) return null;
  const { event_type: eventType, event_payload: payload } = value;
  if (typeof eventType !== 'string' || !isRecord(payload)) throw new ApiError('invalid_metadata_format');
  if (JSON.stringify(value).length > limits.metadata) throw new ApiError('metadata_too_large');
  const problems = checkMetadata(value);
  if (problems.length > 0) throw new ApiError('invalid_metadata_schema', problems);
  return { event_type: eventType, event_payload: payload };
}
