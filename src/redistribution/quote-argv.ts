import { RestageError } from '../domain/errors.ts';

const plain = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/;
const reserved = new Set(
  'if then else elif fi do done case esac while until for in function select time coproc'.split(' '),
);

/**
 * One POSIX shell command line that gives exactly these arguments, easy to read: quotes only where they are needed.
 * @throws RestageError `server-refused` when an argument holds a NUL, which no argument can.
 */
export function quoteArgv(argv: readonly string[]): string {
  return argv.map((argument, index) => quoteArgument(argument, index === 0)).join(' ');
}

function quoteArgument(argument: string, isProgram: boolean): string {
  if (argument.includes('\0')) {
    throw new RestageError('server-refused', 'An argument holds a NUL character; no command can have that.');
  }
  // As the first word, NAME=value would be an assignment and `if` a keyword.
  const readsAsSyntax = isProgram && (argument.includes('=') || reserved.has(argument));
  if (plain.test(argument) && !readsAsSyntax) return argument;
  return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}
