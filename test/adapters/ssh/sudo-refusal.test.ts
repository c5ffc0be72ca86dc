import { describe, expect, it } from 'vitest';
import { findSudoRefusal } from '../../../src/adapters/ssh/sudo-refusal.ts';

const argv = ['sudo', '-n', '-u', 'deploy', '--', '/bin/push'];
const find = (output: string, exitCode = 1, command: readonly string[] = argv) =>
  findSudoRefusal(command, exitCode, Buffer.from(output));

describe('what sudo prints when it starts nothing', () => {
  it.each([
    'sudo: a password is required',
    'sudo: sorry, you must have a tty to run sudo',
    'sudo: no tty present and no askpass program specified',
    'restage is not in the sudoers file.',
    'restage is not in the sudoers file.  This incident will be reported.',
    "Sorry, user restage is not allowed to execute '/bin/push' as deploy on int-38.",
    'Sorry, user restage may not run sudo on int-38.',
    'sudo: unknown user deploy',
    'sudo: unknown user: deploy',
    'sudo: /bin/push: command not found',
    'sudo: sorry, you are not allowed to set the following environment variables: RSYNC_RSH',
    'sudo: The "no new privileges" flag is set, which prevents sudo from running as root.',
    'sudo: /usr/bin/sudo must be owned by uid 0 and have the setuid bit set',
  ])('“%s” is its refusal', (line) => {
    expect(find(`${line}\n`)).toBe(line);
    expect(find(`sudo: unable to resolve host int-38: Name or service not known\n${line}\n`)).toBe(line);
  });

  it('is a refusal where there is no sudo at all', () => {
    expect(find('sh: 1: exec: sudo: not found\n', 127)).toBe('sh: 1: exec: sudo: not found');
  });

  it.each([
    ['with a word of anybody else', 'pushing geo-db\nsudo: a password is required\n', 1, argv],
    ['with another exit code', 'sudo: a password is required\n', 5, argv],
    ['by a command that is run without sudo', 'sudo: a password is required\n', 1, ['/bin/push']],
    ['without any word', '', 1, argv],
    ['if it only remarks on something', 'sudo: unable to resolve host int-38: no name\n', 1, argv],
    ['of a program that something else misses', 'sh: 1: rsync: not found\n', 127, argv],
  ])('is none %s', (_case, output, exitCode, command) => {
    expect(find(output, exitCode, command)).toBeNull();
  });
});
