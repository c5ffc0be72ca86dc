import type {
  ActionsBlock,
  Button,
  ContextBlock,
  HeaderBlock,
  KnownBlock,
  SectionBlock,
  TextObject,
} from '@slack/types';
import type { ChatMessage } from '../domain/chat.ts';
import { clampMrkdwn, clampText } from './clamp-text.ts';

/**
 * What Slack accepts, in characters or in elements.
 * https://docs.slack.dev/reference/block-kit/blocks; `messageCharacters` is where `msg_blocks_too_long` was
 * measured, `text` is what Slack recommends for the fallback (it cuts at 40,000).
 */
export const slackLimits = {
  blocks: 50,
  messageCharacters: 13_200,
  text: 4_000,
  header: 150,
  section: 3_000,
  fields: 10,
  field: 2_000,
  contextElements: 10,
  contextText: 3_000,
  actionElements: 25,
  /** One for the head; all cells together have `tableCharacters`. */
  tableRows: 100,
  tableCharacters: 10_000,
  actionId: 255,
  buttonText: 75,
  buttonValue: 2_000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
} as const;

/**
 * The message as Slack accepts it: each part within its limit, at most 50 blocks, and the JSON of all blocks
 * within 13,200 characters. What does not fit is left out from the end, with a line that says so; the header
 * and the buttons stay.
 */
export function clampMessage(message: ChatMessage): ChatMessage {
  const blocks = message.blocks.map(clampBlock);
  return {
    text: visible(clampMrkdwn(message.text, slackLimits.text)),
    blocks: fits(blocks) ? blocks : leaveOut(blocks),
  };
}

function fits(blocks: readonly KnownBlock[]): boolean {
  return (
    blocks.length <= slackLimits.blocks && JSON.stringify(blocks).length <= slackLimits.messageCharacters
  );
}

function leaveOut(blocks: readonly KnownBlock[]): KnownBlock[] {
  const kept = [...blocks];
  for (let dropped = 1; kept.length > 0; dropped += 1) {
    const last = kept.findLastIndex((block) => block.type !== 'header' && block.type !== 'actions');
    const at = last === -1 ? kept.length - 1 : last;
    kept.splice(at, 1);
    const shown = kept.toSpliced(at, 0, leftOutNote(dropped));
    if (fits(shown)) return shown;
  }
  return kept;
}

function leftOutNote(dropped: number): ContextBlock {
  return {
    type: 'context',
    elements: [{ type: 'mrkdwn', text: `… (${dropped} more parts, too long for Slack)` }],
  };
}

function clampBlock(block: KnownBlock): KnownBlock {
  if (block.type === 'header') return clampHeader(block);
  if (block.type === 'section') return clampSection(block);
  if (block.type === 'context') return clampContext(block);
  return block.type === 'actions' ? clampActions(block) : block;
}

function clampHeader(block: HeaderBlock): HeaderBlock {
  return { ...block, text: clampTextObject(block.text, slackLimits.header) };
}

function clampSection(block: SectionBlock): SectionBlock {
  return {
    ...block,
    ...(block.text && { text: clampTextObject(block.text, slackLimits.section) }),
    ...(block.fields && {
      fields: block.fields
        .slice(0, slackLimits.fields)
        .map((field) => clampTextObject(field, slackLimits.field)),
    }),
  };
}

function clampContext(block: ContextBlock): ContextBlock {
  const elements = block.elements.slice(0, slackLimits.contextElements);
  return {
    ...block,
    elements: elements.map((element) =>
      element.type === 'image' ? element : clampTextObject(element, slackLimits.contextText),
    ),
  };
}

function clampActions(block: ActionsBlock): ActionsBlock {
  const elements = block.elements.slice(0, slackLimits.actionElements);
  return {
    ...block,
    elements: elements.map((element) => (element.type === 'button' ? clampButton(element) : element)),
  };
}

/** An id that is too long is left alone: cut, it would mean something else. Slack refuses it, which is right. */
function clampButton(button: Button): Button {
  return {
    ...button,
    text: { ...button.text, text: visible(clampText(button.text.text, slackLimits.buttonText)) },
  };
}

function clampTextObject<T extends TextObject>(object: T, max: number): T {
  const clamp = object.type === 'mrkdwn' ? clampMrkdwn : clampText;
  return { ...object, text: visible(clamp(object.text, max)) };
}

/** Slack refuses a text without characters. */
function visible(text: string): string {
  return text.trim() === '' ? '–' : text;
}
