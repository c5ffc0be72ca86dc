import { RestageError } from '../domain/errors.ts';

/** One thing wrong with the config or the environment. */
export interface ConfigFault {
  /** The config file as it was named, or `environment`. */
  readonly file: string;
  /** From 1; null where the fault has no place in the file. */
  readonly line: number | null;
  readonly column: number | null;
  /** As a person would say it: `thresholds[0].count`, or a variable's name; empty for the file as a whole. */
  readonly key: string;
  readonly message: string;
  /** What to do. */
  readonly hint: string | null;
}

/** All that is wrong with a config, at once. The message is what `renderFaults` gives. */
export class ConfigError extends RestageError {
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super('config-invalid', renderFaults(faults));
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** A line for each fault: `restage.yaml:12:5 thresholds[0].count: must be … (got "four"). Write for instance count: 4`. */
export function renderFaults(faults: readonly ConfigFault[]): string {
  return faults.map(renderFault).join('\n');
}

function renderFault({ file, line, column, key, message, hint }: ConfigFault): string {
  const place = line === null ? file : `${file}:${line}:${column}`;
  const subject = key === '' ? `${place}:` : `${place} ${key}:`;
  return hint === null ? `${subject} ${message}.` : `${subject} ${message}. ${hint}`;
}

/** `['thresholds', 0, 'count']` → `thresholds[0].count`. */
export function spellKey(path: readonly PropertyKey[]): string {
  return path.reduce<string>((spelled, part) => {
    if (typeof part === 'number') return `${spelled}[${part}]`;
    return spelled === '' ? String(part) : `${spelled}.${String(part)}`;
  }, '');
}

/** A fault that no single key shows. */
export interface CrossFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly hint: string;
}
