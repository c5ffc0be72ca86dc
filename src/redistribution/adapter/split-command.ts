import type { LogFormat } from '../../domain/log-source.ts';

/** A logged command line as its arguments; null: its quotes are not closed, or it is more than one command. */
export function splitCommand(line: string, style: LogFormat['commandStyle']): string[] | null {
  if (style === 'words') return line.split(/\s+/).filter((word) => word !== '');
  return style === 'shell' ? splitShell(line) : splitWindows(line);
}

/** What a POSIX shell would do with more than arguments: a variable, a pattern, a second command. */
const shellSyntax = /^[~#!]|[$`;&|<>()*?]|\{[^}]*(?:,|\.\.)/;
const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** Quotes and backslashes, and bash's `$'…'`; whatever else means something to a shell is none of an argument's. */
function splitShell(line: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  const pieces = /\s+|'([^']*)'|\$'((?:[^'\\]|\\.)*)'|"((?:[^"\\$`]|\\.)*)"|\\(.)|([^\s'"\\]+)|(.)/gsu;
  for (const [all, single, ansi, double, escaped, plain, other] of line.matchAll(pieces)) {
    if (other !== undefined) return null;
    if (plain !== undefined && shellSyntax.test(plain)) return null;
    const piece =
      single ??
      (ansi === undefined ? undefined : readAnsi(ansi)) ??
      double?.replaceAll(/\\(["\\$`])/g, '$1') ??
      escaped ??
      plain;
    if (piece === undefined) {
      if (all.trim() !== '') return null;
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + piece;
  }
  return word === null ? words : [...words, word];
}

function readAnsi(text: string): string {
  return text.replaceAll(/\\(.)/gs, (_all, character: string) => escapes[character] ?? `\\${character}`);
}

/** As CommandLineToArgvW: quotes group, a backslash counts only before a quote. */
function splitWindows(line: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quoted = false;
  for (const [, slashes = '', quote, space, other] of line.matchAll(/(\\*)(?:(")|(\s)|([^\s"\\])|$)/g)) {
    if (quote === undefined) word = slashes === '' ? word : (word ?? '') + slashes;
    else word = (word ?? '') + '\\'.repeat(Math.floor(slashes.length / 2));
    if (quote !== undefined && slashes.length % 2 === 1) word += '"';
    else if (quote !== undefined) quoted = !quoted;
    else if (space !== undefined && !quoted) {
      if (word !== null) words.push(word);
      word = null;
    } else if (space !== undefined || other !== undefined) word = (word ?? '') + (space ?? other ?? '');
  }
  if (quoted) return null;
  return word === null ? words : [...words, word];
}
