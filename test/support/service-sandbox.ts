import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const unitFile = path.resolve(import.meta.dirname, '../../manifests/restage.service');
const program = path.join(import.meta.dirname, 'sandbox.py');
/** nobody: as a dynamic user, it owns nothing. */
export const sandboxUser = 65_534;

/** Returns the values of a directive, in the order in which they stand. */
export function valuesOf(directive: string): string[] {
  const lines = readFileSync(unitFile, 'utf8').split('\n');
  return lines.flatMap((line) =>
    line.startsWith(`${directive}=`) ? [line.slice(directive.length + 1)] : [],
  );
}

/** Returns the system calls that the unit allows: systemd.exec(5), SystemCallFilter. */
export function allowedCalls(): ReadonlySet<string> {
  const allowed = new Set(expand('@default'));
  for (const value of valuesOf('SystemCallFilter')) {
    const names = value.replace(/^~/, '').split(' ').flatMap(expand);
    for (const name of names) {
      if (value.startsWith('~')) allowed.delete(name);
      else allowed.add(name);
    }
  }
  return allowed;
}

/**
 * Returns the words that run a program as the unit does (needs root): as a user of its own, with the unit's capabilities, its
 * address families and its system calls. They go before the program.
 */
export function enterSandbox(folder: string): string[] {
  const settings = path.join(folder, 'sandbox.json');
  const families = valuesOf('RestrictAddressFamilies').flatMap((value) => value.split(' '));
  writeFileSync(settings, JSON.stringify({ families, allowed: [...allowedCalls()] }));
  const capabilities = (directive: string) =>
    [
      '-all',
      ...valuesOf(directive)
        .flatMap((value) => value.split(' '))
        .map(shorten),
    ].join(',');
  return [
    'setpriv',
    `--reuid=${sandboxUser}`,
    `--regid=${sandboxUser}`,
    '--clear-groups',
    '--no-new-privs',
    `--bounding-set=${capabilities('CapabilityBoundingSet')}`,
    `--inh-caps=${capabilities('AmbientCapabilities')}`,
    `--ambient-caps=${capabilities('AmbientCapabilities')}`,
    '/usr/bin/python3',
    program,
    settings,
  ];
}

function shorten(capability: string): string {
  return `+${capability.replace('CAP_', '').toLowerCase()}`;
}

/** Groups hold groups. */
function expand(name: string): string[] {
  if (!name.startsWith('@')) return [name];
  const listed = execFileSync('systemd-analyze', ['syscall-filter', name], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const members = listed.split('\n').flatMap((line) => /^ {4}(@?[a-z][\w-]*)$/.exec(line)?.[1] ?? []);
  return members.flatMap(expand);
}
