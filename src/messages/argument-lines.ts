/** What stands in a line as it is; everything else is written as JSON, in quotes. */
const plain =
  /^[^\s"\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}](?:[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*[^\s\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}])?$/u;
/** Nobody sees these: by their numbers. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Arguments to be edited, one a line (B11); `readArgumentLines` gives exactly them back. */
export function writeArgumentLines(argv: readonly string[]): string[] {
  return argv.map((argument) => (plain.test(argument) ? argument : writeQuoted(argument)));
}

function writeQuoted(argument: string): string {
  return JSON.stringify(argument).replaceAll(invisible, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

export type ReadArguments =
  | { readonly argv: readonly string[] }
  /** The lines, counted from 1, that can't be read. */
  | { readonly faults: readonly { readonly line: number; readonly reason: string }[] };

/** One argument from each line that is not empty; a line in double quotes is read as JSON. */
export function readArgumentLines(text: string): ReadArguments {
  const argv: string[] = [];
  const faults: { readonly line: number; readonly reason: string }[] = [];
  for (const [index, line] of text.split(/\r\n?|\n/).entries()) {
    const written = line.trim();
    if (written === '') continue;
    const argument = written.startsWith('"') ? readQuoted(written) : written;
    if (argument === null) {
      faults.push({ line: index + 1, reason: 'begins with a quote, but is no text in JSON' });
    } else {
      argv.push(argument);
    }
  }
  return faults.length > 0 ? { faults } : { argv };
}

function readQuoted(written: string): string | null {
  try {
    const value: unknown = JSON.parse(written);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}
