import { isRecord } from './record.ts';
import { checkShape } from './block-kit/check-shape.ts';
import { response } from './block-kit/payloads.ts';
import { readBlocks, readMetadata } from './content.ts';
import { limits } from './limits.ts';
import type { PostedMessage } from './model.ts';
import { botUserId, type WorkspaceState } from './state.ts';
import type { ResponseContext } from './tokens.ts';
import { ApiError } from './web-api/call.ts';

/**
 * Does what an app answers to a command or a click, by its acknowledgement or its response_url
 * (https://docs.slack.dev/interactivity/handling-user-interaction#message_responses). Throws an `ApiError`.
 */
export function applyResponse(state: WorkspaceState, context: ResponseContext, body: unknown): void {
  const problems = checkShape(response, body, '');
  if (problems.length > 0 || !isRecord(body)) throw new ApiError('invalid_payload', problems);
  const original = context.messageTs === null ? null : state.message(context.channel, context.messageTs);
  if (body['delete_original'] === true) {
    state.remove(requireOriginal(original));
    return;
  }
  const text = typeof body['text'] === 'string' ? body['text'].slice(0, limits.postedText) : '';
  const blocks = body['blocks'] === undefined ? [] : readBlocks(body['blocks']);
  if (text === '' && blocks.length === 0) throw new ApiError('no_text');
  const metadata = body['metadata'] === undefined ? null : readMetadata(body['metadata']);
  if (body['replace_original'] === true) {
    state.edit(requireOriginal(original), { text, blocks, metadata });
    return;
  }
  state.post({
    channel: context.channel,
    userId: botUserId,
    text,
    blocks,
    metadata,
    threadTs: typeof body['thread_ts'] === 'string' ? body['thread_ts'] : context.threadTs,
    ephemeralFor: body['response_type'] === 'in_channel' ? null : context.userId,
  });
}

function requireOriginal(original: PostedMessage | null): PostedMessage {
  if (!original) throw new ApiError('message_not_found');
  return original;
}
