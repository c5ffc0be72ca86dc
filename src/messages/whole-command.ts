import type { ChatMessage } from '../domain/chat.ts';
import { describePlace } from '../domain/provenance.ts';
import { actions } from './actions.ts';
import { button, buttonRow, section } from './blocks.ts';
import type { CommandView } from './command.ts';
import { commandShown } from './command.ts';
import { codeBlock, exactLine } from './escape.ts';
import { clampMessage } from './limits.ts';
import { pageValue } from './page-value.ts';

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

/** Pieces that fit one message. */
const piecesOnPage = 4;

/**
 * Returns one page of a command in full, for whoever clicked *Show in full* alone, with the way to the pages beside it. `wanted`
 * is the page, counted from 0; one that is too high is the last.
 */
export function renderWholePage(command: CommandView, number: number, wanted: number): ChatMessage {
  const pieces = cut(describeWhole(command, number));
  const pages = Math.ceil(pieces.length / piecesOnPage);
  const page = Math.min(wanted, pages - 1);
  const title = `Command ${number} in full${pages > 1 ? `, part ${page + 1} of ${pages}` : ''}`;
  const shown = pieces.slice(page * piecesOnPage, (page + 1) * piecesOnPage);
  const valueOf = (other: number) => pageValue(command.id, other);
  const buttons = [
    ...(page > 0 ? [button('Previous', actions.commandPreviousPart, valueOf(page - 1))] : []),
    ...(page < pages - 1 ? [button('Next', actions.commandNextPart, valueOf(page + 1))] : []),
  ];
  const blocks = [
    section(`*${title}*`),
    ...shown.map((piece) => section(codeBlock(piece))),
    ...(buttons.length > 0 ? [buttonRow(buttons)] : []),
  ];
  return clampMessage({ text: title, blocks });
}

/** Returns a command with all that decides what it does, in lines of plain text, uncut. */
export function describeWhole(command: CommandView, number: number): string {
  const { provenance, changed = [], changedBy, context, refusal, mayReachOthers } = command;
  const people = changedBy.map(({ userId }) => userId).join(', ');
  const doubts = [
    ...(command.confidence === 'inferred' ? ['the arguments are inferred'] : []),
    ...(mayReachOthers === undefined ? [] : [`may reach others: ${mayReachOthers}`]),
    ...changed,
  ];
  const lines: readonly (readonly [string, string | null | undefined])[] = [
    ['in', command.cwd],
    ['with', command.quotedEnvironment],
    ['ran as', context?.user],
    ['by', context?.version],
    ['umask', context?.umask],
    ['packages', command.packages.join(', ')],
    ['recipients', `${command.recipients.join(', ')} (${command.recipients.length})`],
    ['causes', [...new Set(command.causes)].join('; ')],
    ['results by', command.recorderFlags?.join(' ')],
    ['log', `${describePlace(provenance)} ${provenance.digest}`],
    ['verified by', command.quotedVerification],
    ...doubts.map((doubt) => ['IN DOUBT', doubt] as const),
    ['REFUSED', refusal],
    ['changed by', people === '' ? null : people],
  ];
  return [
    `${number}. job ${exactLine(command.job)}, attempt ${command.attempt}`,
    `   ${exactLine(command.quoted)}`,
    ...lines.flatMap(([name, value]) =>
      value === null || value === undefined ? [] : [`   ${`${name}:`.padEnd(12)}${exactLine(value)}`],
    ),
  ].join('\n');
}

/** Pieces that stay within Slack's limit even when escaped; no character is cut in two. */
function cut(text: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  let weight = 0;
  for (const character of text) {
    const cost = costOf(character);
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

/** Upper bound of what a character takes, escaped for Slack and for JSON. */
function costOf(character: string): number {
  if (character === '&' || character === '<' || character === '>') return worstEscape;
  if (character === '"' || character === '\\' || character === '\n') return 2;
  return character >= ' ' && character <= '~' ? 1 : 10;
}
