import { encodeText, isBinary } from '../domain/byte-text.ts';
import { RestageError } from '../domain/errors.ts';

const plain = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/;
const reserved = new Set(
  'if then else elif fi do done case esac while until for in function select time coproc'.split(' '),
);

/**
 * One POSIX shell command line that gives exactly these arguments, easy to read: quotes only where they are needed. Bytes that
 * are no UTF-8 stand as `$'…'`, which POSIX has since 2024.
 * @throws RestageError `server-refused` when an argument holds a NUL, which no argument can.
 */
export function quoteArgv(argv: readonly string[]): string {
  return argv.map((argument, index) => quoteArgument(argument, index === 0)).join(' ');
}

/** Returns variables as a shell's line sets them before a command: `NAME=value OTHER='a b'`. */
export function quoteVariables(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${quoteArgument(value, false)}`)
    .join(' ');
}

function quoteArgument(argument: string, isProgram: boolean): string {
  if (argument.includes('\0')) {
    throw new RestageError('server-refused', 'An argument holds a NUL character; no command can have that.');
  }
  if (isBinary(argument)) return quoteBytes(argument);
  // As the first word, NAME=value would be an assignment and `if` a keyword.
  const readsAsSyntax = isProgram && (argument.includes('=') || reserved.has(argument));
  if (plain.test(argument) && !readsAsSyntax) return argument;
  return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

/** Bytes that are no text, by their numbers, as bash and newer shells read them. */
function quoteBytes(argument: string): string {
  const bytes = [...encodeText(argument)].map((byte) =>
    byte > 0x1f && byte < 0x7f && byte !== 0x27 && byte !== 0x5c
      ? String.fromCharCode(byte)
      : String.raw`\x${byte.toString(16).padStart(2, '0')}`,
  );
  return `$'${bytes.join('')}'`;
}
