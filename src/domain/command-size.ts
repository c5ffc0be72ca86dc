import { encodeText } from './byte-text.ts';

/** Linux takes no longer argument (MAX_ARG_STRLEN, with its NUL). */
const longestArgumentBytes = 131_071;
/** Linux takes four times as much, the environment included; other systems less. A person has to read it, too. */
const longestCommandBytes = 500_000;

/** No character takes more, of those that a string counts. */
const mostBytesPerUnit = 3;

/** Why no system would start a command with these arguments, by their size; null: nothing is wrong with it. */
export function findExcess(argv: readonly string[]): string | null {
  const units = argv.reduce((sum, { length }) => sum + length + 1, 0);
  if (units * mostBytesPerUnit <= longestArgumentBytes) return null;
  const sizes = argv.map((argument) => encodeText(argument).length);
  const long = sizes.findIndex((size) => size > longestArgumentBytes);
  if (long !== -1) {
    return `argument ${long} is too long (${sizes[long]} bytes, ${longestArgumentBytes} at most)`;
  }
  const all = sizes.reduce((sum, size) => sum + size + 1, 0);
  if (all <= longestCommandBytes) return null;
  return `the command is too long (${all} bytes, ${longestCommandBytes} at most); it can only be repeated by hand, in parts`;
}
