import type { RebuiltCommand } from '../domain/redistribution.ts';

/** What is issued on a server: the command through its recorder, or as it is where there is none. */
export function issueArgv(
  command: Parameters<typeof wrapInRecorder>[0],
  recorder: string | null,
): readonly string[] {
  return recorder === null ? command.argv : wrapInRecorder(command, recorder);
}

/** Together they stay within one argument's size, however long the names. */
const recipientsAtOnce = 500;

/**
 * The command as it is issued: through the recorder, with the same job and its attempt, so that its record and its failure
 * mail join the story of the original (DESIGN: "Running a command so that it runs once").
 */
export function wrapInRecorder(
  command: Pick<
    RebuiltCommand,
    'job' | 'attempt' | 'packages' | 'recipients' | 'argv' | 'recorderFlags' | 'list' | 'context'
  > &
    Partial<Pick<RebuiltCommand, 'adapter'>>,
  recorderProgram: string,
): string[] {
  return [
    recorderProgram,
    '--job',
    command.job,
    '--attempt',
    String(command.attempt),
    ...command.packages.flatMap((name) => ['--package', name]),
    ...listRecipients(command.recipients),
    ...(command.recorderFlags ?? []),
    ...(command.list ?? []).map((place) => `--list=${place}`),
    ...umaskOf(command),
    '--',
    ...command.argv,
  ];
}

type Recorded = Partial<Pick<RebuiltCommand, 'adapter' | 'context'>>;

/**
 * Returns whether the recorder sets the umask of the original. It knows that flag if it wrote the umask itself; another log may
 * come from beside an older one.
 */
export function setsUmask({ adapter, context }: Recorded): boolean {
  return adapter === 'record' && (context?.umask ?? null) !== null;
}

function umaskOf(command: Recorded): string[] {
  const { umask = null } = command.context ?? {};
  return umask !== null && setsUmask(command) ? ['--umask', umask] : [];
}

function listRecipients(names: readonly string[]): string[] {
  const flags: string[] = [];
  for (let from = 0; from < names.length; from += recipientsAtOnce) {
    flags.push('--recipients', names.slice(from, from + recipientsAtOnce).join(','));
  }
  return flags;
}
