import type { RebuiltCommand } from '../domain/redistribution.ts';

/**
 * The command as it is issued: through the recorder, with the same job and its attempt, so that its record and its failure
 * mail join the story of the original (DESIGN: "Running a command so that it runs once").
 */
export function wrapInRecorder(
  command: Pick<RebuiltCommand, 'job' | 'attempt' | 'packages' | 'recipients' | 'argv' | 'recorderFlags'>,
  recorderProgram: string,
): string[] {
  return [
    recorderProgram,
    '--job',
    command.job,
    '--attempt',
    String(command.attempt),
    ...command.packages.flatMap((name) => ['--package', name]),
    '--recipients',
    command.recipients.join(','),
    ...(command.recorderFlags ?? []),
    '--',
    ...command.argv,
  ];
}
