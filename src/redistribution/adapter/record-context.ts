import type { RunContext } from '../../domain/redistribution.ts';
import { isObject, type Json, LineFault, readArgument, readName, show } from './json-line.ts';

const mostVariables = 200;
const variableName = /^[A-Za-z_][A-Za-z0-9_]{0,199}$/;

/**
 * Reads what a record says of its run's surroundings: `env`, `user`, `umask`, `version`. Returns `null` for a recorder that
 * writes no `env`.
 * @throws LineFault saying what is wrong.
 */
export function readContext(json: Json): RunContext | null {
  const { env } = json;
  if (env === undefined) return null;
  if (!isObject(env)) throw new LineFault('env is not an object');
  const entries = Object.entries(env);
  if (entries.length > mostVariables) throw new LineFault(`env has more than ${mostVariables} variables`);
  const environment = entries.map(([name, value]) => [name, readVariable(name, value)] as const);
  const { umask } = json;
  if (umask !== undefined && !(typeof umask === 'string' && /^0?[0-7]{3}$/.test(umask))) {
    throw new LineFault(`umask ${show(umask)} is no umask`);
  }
  return {
    environment: Object.fromEntries(environment),
    user: json['user'] === undefined ? null : readName(json['user'], 'user'),
    umask: umask ?? null,
    version: typeof json['version'] === 'string' ? readName(json['version'], 'version') : null,
  };
}

function readVariable(name: string, value: unknown): string | null {
  if (!variableName.test(name)) throw new LineFault(`env names ${show(name)}, which is no variable`);
  return value === null ? null : readArgument(value, `env ${name}`);
}
