import { quoteArgv } from '../quote-argv.ts';

/** A simple command of a shell's script. */
export interface SimpleCommand {
  /** Its words, without assignments before it. */
  readonly words: readonly string[];
  /** Returns the script with other words in their place. */
  readonly replace: (argv: readonly string[]) => string;
}

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Words that begin something else than a simple command. */
const keywords: ReadonlySet<string> = new Set(
  'if then elif else fi for while until do done case esac select function time coproc { } ! [[ eval exec source .'.split(
    ' ',
  ),
);
const separator = /\s*(?:&&|\|\||[;|\n](?![;|&]))\s*/y;
const blank = /[ \t]+/y;
/** Redirections to and from files, and of descriptors. */
const redirection = /\d*(?:>>?|<)(?:&\d+|[ \t]*[\w./@%+,:-]+)/y;
/** One piece of a word in which the shell expands nothing. */
const piece = /'([^']*)'|"((?:[^"\\$`!]|\\[$`"\\])*)"|\\([^\n])|([\w./@%+=:,^-]+)/y;

/**
 * Reads a script that is a plain sequence of commands (`;`, `&&`, `||`, `|`, lines), in POSIX sh's grammar. Returns `null`
 * for a script with anything that the shell decides when it runs: variables, patterns, loops, functions.
 */
export function readScript(script: string): readonly SimpleCommand[] | null {
  const commands: Word[][] = [[]];
  let at = 0;
  while (at < script.length) {
    const next = readNext(script, at, commands.at(-1) ?? []);
    if (next === null) return null;
    if (next.ends) commands.push([]);
    at = next.at;
  }
  const found = commands.filter((words) => words.length > 0).map((words) => toCommand(script, words));
  return found.every((one) => one !== null) ? found : null;
}

function readNext(
  script: string,
  at: number,
  into: Word[],
): { readonly at: number; readonly ends: boolean } | null {
  for (const [pattern, ends] of [
    [separator, true],
    [blank, false],
    [redirection, false],
  ] as const) {
    pattern.lastIndex = at;
    if (pattern.test(script)) return { at: pattern.lastIndex, ends };
  }
  const word = readWord(script, at);
  if (word === null) return null;
  into.push(word);
  return { at: word.end, ends: false };
}

function readWord(script: string, start: number): Word | null {
  let text = '';
  let end = start;
  for (;;) {
    piece.lastIndex = end;
    const match = piece.exec(script);
    if (!match) break;
    const [, single, double, escaped, plain] = match;
    text += single ?? double?.replaceAll(/\\([$`"\\])/g, '$1') ?? escaped ?? plain ?? '';
    end = piece.lastIndex;
  }
  return end === start ? null : { text, start, end };
}

function toCommand(script: string, all: readonly Word[]): SimpleCommand | null {
  const first = all.findIndex(({ text, start }) => !/^\w+=/.test(text) || script[start] === "'");
  const words = first === -1 ? [] : all.slice(first);
  const [begin] = words;
  const end = words.at(-1);
  if (!begin || !end) return { words: [], replace: () => script };
  if (keywords.has(begin.text)) return null;
  // A redirection between the words would be lost with them.
  const between = words
    .slice(1)
    .some(({ start }, index) => script.slice(words[index]?.end, start).trim() !== '');
  if (between) return null;
  const replace = (argv: readonly string[]) =>
    script.slice(0, begin.start) + quoteArgv(argv) + script.slice(end.end);
  return { words: words.map(({ text }) => text), replace };
}
