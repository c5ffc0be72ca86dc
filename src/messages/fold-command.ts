import { countOf } from './wording.ts';

/** Fewer names than this are shown as they are. */
const foldedFrom = 6;

/**
 * Returns a command's line for people to read: where it names many of its recipients in a row, their number stands instead.
 * What runs is not this.
 */
export function foldCommand(quoted: string, recipients: readonly string[]): string {
  const known = new Set(recipients);
  const words: string[] = [];
  let run: string[] = [];
  const endRun = () => {
    const names = run.flatMap((word) => namesOf(word));
    const flag = /^--?[^=,]+=/.exec(run[0] ?? '')?.[0] ?? '';
    if (names.length < foldedFrom) words.push(...run);
    else words.push(`${flag}… ${countOf(names.length, 'recipient')} …`);
    run = [];
  };
  let before = '';
  for (const word of quoted.split(' ')) {
    const names = namesOf(word);
    const isFlag = word.startsWith('-');
    // One name of a flag may be something else, such as a relay.
    const isAlone = names.length === 1 && (isFlag || /^--?[^=]+$/.test(before));
    const isList = !isAlone && names.every((name) => known.has(name));
    if (!isList || isFlag) endRun();
    if (isList) run.push(word);
    else words.push(word);
    if (isFlag) endRun();
    before = word;
  }
  endRun();
  return words.join(' ');
}

/** The names of `a,b` or `--to=a,b`. */
function namesOf(word: string): string[] {
  return word.replace(/^--?[^=,]+=/, '').split(',');
}
