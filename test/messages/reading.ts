import type { KnownBlock } from '@slack/types';
import type { ChatMessage } from '../../src/domain/chat.ts';
import { checkBlocks, measureText } from '../../src/demo/workspace/block-kit/check-blocks.ts';

/** All text of a message, a line for each piece. */
export function readText(message: ChatMessage): string {
  return [message.text, ...texts(message.blocks)].join('\n');
}

function texts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(texts);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) =>
    name === 'text' && typeof one === 'string' ? [one] : texts(one),
  );
}

/** The labels of a message's buttons with their action ids and values. */
export function readButtons(message: ChatMessage): string[] {
  return message.blocks
    .flatMap((block: KnownBlock) => (block.type === 'actions' ? block.elements : []))
    .flatMap((one) => (one.type === 'button' ? [`${one.text.text} ${one.action_id} ${one.value}`] : []));
}

/** What Slack would complain of. */
export function slackComplaints(message: ChatMessage): string[] {
  const tooLong = measureText(message.blocks) > 13_200 ? ['msg_blocks_too_long'] : [];
  const longText = message.text.length > 4_000 || message.text === '' ? ['msg_too_long or no_text'] : [];
  return [...checkBlocks(message.blocks), ...tooLong, ...longText];
}
