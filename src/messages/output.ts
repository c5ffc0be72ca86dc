import type { ChatMessage } from '../domain/chat.ts';
import { context, section } from './blocks.ts';
import { clampMiddle, clampTail } from './clamp-text.ts';
import { codeBlock } from './escape.ts';
import { clampMessage } from './limits.ts';

/** Escaping makes text longer: these leave room for it in a section of 3,000 characters. */
const commandShown = 300;
const outputShown = 1_200;

/**
 * Progress and result of one command, for the thread: its quoted line, the last of what it printed, and its exit
 * code (null: none yet).
 */
export function renderOutput(quoted: string, tail: string, exitCode: number | null): ChatMessage {
  const printed = tail.trim() === '' ? '(no output)' : clampTail(tail.trimEnd(), outputShown);
  return clampMessage({
    text: statusText(exitCode),
    blocks: [
      section(codeBlock(`$ ${clampMiddle(quoted, commandShown)}`)),
      section(codeBlock(printed)),
      context(statusText(exitCode)),
    ],
  });
}

function statusText(exitCode: number | null): string {
  if (exitCode === null) return ':arrow_forward: no exit code yet';
  return exitCode === 0 ? ':white_check_mark: exit code 0' : `:x: exit code ${exitCode}`;
}
