import type { ChatMessage } from '../domain/chat.ts';
import { section } from './blocks.ts';
import type { CommandView } from './command.ts';
import { commandShown } from './command.ts';
import { codeBlock } from './escape.ts';
import { clampMessage } from './limits.ts';

/** Escaping can make each character five: so much always fits a section of 3,000. */
const charactersPerMessage = 2_400;
const worstEscape = '&amp;'.length;

/**
 * Commands that their proposal shows cut, byte for byte, for its thread: nobody should approve what they could
 * not read. In as many messages as they take.
 */
export function renderWholeCommands(commands: readonly CommandView[]): ChatMessage[] {
  return commands.flatMap((command, index) =>
    command.quoted.length > commandShown ? renderWhole(command, index + 1) : [],
  );
}

function renderWhole({ job, quoted }: CommandView, number: number): ChatMessage[] {
  const pieces = cut(quoted);
  return pieces.map((piece, index) => {
    const part = pieces.length > 1 ? `, part ${index + 1} of ${pieces.length}` : '';
    const title = `Command ${number} in full${part}`;
    return clampMessage({ text: `${title}: ${job}`, blocks: [section(title), section(codeBlock(piece))] });
  });
}

/** Pieces that stay within Slack's limit even when escaped; no character is cut in two. */
function cut(text: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  let weight = 0;
  for (const character of text) {
    const cost = /[&<>]/.test(character) ? worstEscape : /[\x20-\x7e]/.test(character) ? 1 : 10;
    if (weight + cost > charactersPerMessage) {
      pieces.push(piece);
      piece = '';
      weight = 0;
    }
    piece += character;
    weight += cost;
  }
  return piece === '' ? pieces : [...pieces, piece];
}
