import { hash } from 'node:crypto';
import type { RebuiltCommand, RunBinding, RunContext } from '../domain/redistribution.ts';

/** A line as it stands in a file: where it is not torn, its newline follows the content in the same memory. */
interface Line {
  readonly content: Uint8Array;
  /** Without a newline at its end. */
  readonly torn: boolean;
}

/** `sha256:HEX` of lines, each with a newline at its end. */
export function digestLines(lines: readonly Line[]): string {
  const [first, ...others] = lines.map(withNewline);
  if (first && others.length === 0) return digest(first);
  return digest(Buffer.concat(lines.map(withNewline)));
}

/** Thousands of lines are not copied for it. */
function withNewline({ content, torn }: Line): Uint8Array {
  if (torn) return Buffer.concat([content, Uint8Array.of(0x0a)]);
  return new Uint8Array(content.buffer, content.byteOffset, content.byteLength + 1);
}

/**
 * What an approval is bound to: `sha256:HEX` over all that decides what each command does, for whom, and why it is believed
 * to be right (the log lines it was read from), in order, and over where and how they run. Any edit, addition or reordering
 * gives another digest. `binding` is `null` for what was proposed before it was kept.
 */
export function digestCommands(commands: readonly RebuiltCommand[], binding: RunBinding | null): string {
  const what = commands.map(canonical);
  return digest(
    JSON.stringify(binding === null ? what : { commands: what, binding: sortedEntries(binding) }),
  );
}

/** The database does not keep the order of keys. */
function sortedEntries(binding: RunBinding): readonly (readonly [string, string])[] {
  return Object.entries(binding).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Returns what an approval of dry runs is bound to: their commands and what is tried. No approval of a run has this digest. */
export function digestTrials(
  trials: readonly {
    readonly command: RebuiltCommand;
    readonly trial: { readonly argv: readonly string[] };
  }[],
): string {
  const tried = trials.map(({ command, trial }) => [trial.argv, canonical(command)]);
  return digest(JSON.stringify({ dryRun: tried }));
}

function canonical(command: RebuiltCommand): readonly unknown[] {
  return [
    command.server,
    command.job,
    command.attempt,
    command.argv,
    command.cwd,
    command.packages,
    command.recipients,
    command.recorderFlags ?? [],
    command.provenance.digest,
    ...(command.verification ? [command.verification] : []),
    ...(command.canary ? [{ canary: true }] : []),
    ...(command.list ? [{ list: command.list }] : []),
    ...(command.environment
      ? [
          {
            environment: Object.entries(command.environment)
              .map((one) => one.join('='))
              .toSorted(),
          },
        ]
      : []),
    ...(command.context ? [{ context: contextOf(command.context) }] : []),
  ];
}

/** In an order of its own: the database does not keep that of keys. */
function contextOf({ user, umask, version, environment }: RunContext): readonly unknown[] {
  return [user, umask, version, Object.entries(environment).toSorted(([a], [b]) => (a < b ? -1 : 1))];
}

/** Returns `sha256:HEX`. */
export function digest(data: string | Uint8Array): string {
  return `sha256:${hash('sha256', data)}`;
}
