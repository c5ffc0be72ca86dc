import type { CommandTemplate } from '../domain/redistribution.ts';

/** What an argument is, as the template's flags say. */
export type ArgumentRole =
  | { readonly role: 'program' | 'end-of-flags' | 'argument' | 'flag' | 'unknown-flag' }
  /** `--name=value`, or a flag whose value is the next argument (then `value` is undefined when there is none). */
  | {
      readonly role: 'flag-with-value';
      readonly pattern: string;
      readonly value: string | undefined;
      readonly joined: boolean;
    }
  /** The value of the flag before it; it was judged there. */
  | { readonly role: 'value' };

/** One role for each argument. Reads flags as getopt_long does, without abbreviations or clustered letters. */
export function readRoles(argv: readonly string[], template: CommandTemplate): ArgumentRole[] {
  const roles: ArgumentRole[] = [{ role: 'program' }];
  let flagsEnded = false;
  for (let index = 1; index < argv.length; index++) {
    const role: ArgumentRole = flagsEnded ? { role: 'argument' } : readRole(argv, index, template);
    roles.push(role);
    if (role.role === 'end-of-flags') flagsEnded = true;
    if (role.role === 'flag-with-value' && !role.joined && role.value !== undefined) {
      roles.push({ role: 'value' });
      index++;
    }
  }
  return roles;
}

function readRole(argv: readonly string[], index: number, template: CommandTemplate): ArgumentRole {
  const argument = argv[index] ?? '';
  if (argument === '--') return { role: 'end-of-flags' };
  if (argument === '-' || !argument.startsWith('-')) return { role: 'argument' };
  const equals = argument.startsWith('--') ? argument.indexOf('=') : -1;
  const name = equals === -1 ? argument : argument.slice(0, equals);
  const known = template.flags.filter((flag) => flag.name === name);
  if (equals === -1 && known.some((flag) => flag.value === null)) return { role: 'flag' };
  const pattern = known.find((flag) => flag.value !== null)?.value;
  if (pattern === undefined || pattern === null) return { role: 'unknown-flag' };
  const joined = equals !== -1;
  return {
    role: 'flag-with-value',
    pattern,
    joined,
    value: joined ? argument.slice(equals + 1) : argv[index + 1],
  };
}
