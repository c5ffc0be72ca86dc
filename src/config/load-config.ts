import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Config, Secrets } from './config.ts';
import { crossCheck } from './cross-checks.ts';
import { ConfigError, spellKey, type ConfigFault } from './faults.ts';
import { at, isSection, itemsAt } from './raw-data.ts';
import { createSchema } from './schema.ts';
import { describeIssue, toFaults, type SchemaFault } from './schema-faults.ts';
import { readSecrets, type Environment } from './secrets.ts';
import { findWarnings } from './warnings.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

export interface LoadOptions {
  /** Names of the alert formats that come with the program. */
  readonly shippedFormatNames: readonly string[];
  /** A missing token or password is a fault: set where the bot really starts. */
  readonly requireSecrets?: boolean;
}

export interface LoadedConfig {
  readonly config: Config;
  readonly secrets: Secrets;
  /** What may be meant so, but is often a slip. */
  readonly warnings: readonly ConfigFault[];
}

/** Reads the config file. Throws a `ConfigError` that names everything that is wrong with it. */
export function loadConfig(file: string, env: Environment, options: LoadOptions): LoadedConfig {
  const text = readConfigFile(file);
  const { value, broken } = readYaml(text, file);
  if (!broken && isSection(value) && Object.keys(value).length === 0) {
    const hint = 'manifests/restage.example.yaml is an example.';
    throw new ConfigError([{ file, line: null, column: null, key: '', message: 'is empty', hint }]);
  }
  return parseConfig(text, file, env, options);
}

/**
 * The text of a config file, with the environment, as frozen `Config` and `Secrets`. Paths in it are relative
 * to the file's folder. Throws a `ConfigError` that names everything that is wrong, each fault with its line.
 */
export function parseConfig(
  text: string,
  file: string,
  env: Environment,
  options: LoadOptions,
): LoadedConfig {
  const source = readYaml(text, file);
  const folder = dirname(resolve(file));
  const schema = createSchema({
    shippedFormatNames: options.shippedFormatNames,
    resolvePath: (path) => resolve(folder, path),
  });
  const parsed = schema.safeParse(source.value, { error: describeIssue });
  const { secrets, faults: secretFaults } = readSecrets(
    env,
    namesIn(source.value, ['intake', 'imap']),
    namesIn(source.value, ['intake', 'http', 'sources']),
    options.requireSecrets === true,
  );
  const faults = [...source.faults, ...findFaults(source, file, parsed.error?.issues ?? []), ...secretFaults];
  if (parsed.data === undefined || faults.length > 0) throw new ConfigError(faults.toSorted(byPlace));
  const warnings = locate(source, file, findWarnings(parsed.data));
  return { config: freezeDeeply(parsed.data), secrets: Object.freeze(secrets), warnings };
}

function readConfigFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason =
      error instanceof Error && 'code' in error && error.code === 'ENOENT'
        ? 'does not exist'
        : `can't be read: ${String(error)}`;
    const hint = 'Name the config file with --config FILE; manifests/restage.example.yaml is an example.';
    throw new ConfigError([{ file, line: null, column: null, key: '', message: reason, hint }]);
  }
}

function findFaults(
  source: YamlSource,
  file: string,
  issues: Parameters<typeof toFaults>[0],
): readonly ConfigFault[] {
  if (source.broken) return [];
  return locate(source, file, [...toFaults(issues, source.value), ...crossCheck(source.value)]);
}

function locate(source: YamlSource, file: string, found: readonly SchemaFault[]): readonly ConfigFault[] {
  return found.map(({ path, message, hint }) => {
    const { line, column } = source.locate(path);
    return { file, line, column, key: spellKey(path), message, hint };
  });
}

/** The mailboxes and sources whose secrets are wanted, read before anything is known about the file's correctness. */
function namesIn(raw: unknown, path: readonly string[]): readonly string[] {
  return itemsAt(raw, path)
    .map(({ value }) => at(value, ['name']))
    .filter((name) => typeof name === 'string')
    .map((name) => name.toLowerCase());
}

function byPlace(a: ConfigFault, b: ConfigFault): number {
  return (a.line ?? Infinity) - (b.line ?? Infinity) || (a.column ?? 0) - (b.column ?? 0);
}

function freezeDeeply<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  Object.values(value).forEach(freezeDeeply);
  return Object.freeze(value);
}
