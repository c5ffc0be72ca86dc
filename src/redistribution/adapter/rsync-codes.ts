/** rsync(1), EXIT VALUES. */
const words: Readonly<Record<number, string>> = {
  1: 'syntax or usage error',
  2: 'protocol incompatibility',
  3: 'errors selecting input or output files',
  5: 'error starting the client-server protocol',
  10: 'error in socket I/O',
  11: 'error in file I/O',
  12: 'error in the protocol data stream',
  13: 'errors with program diagnostics',
  14: 'error in IPC code',
  20: 'ended by a signal',
  22: 'error allocating memory buffers',
  23: 'partial transfer due to errors',
  24: 'partial transfer due to vanished source files',
  25: 'stopped by --max-delete',
  30: 'timeout in data send or receive',
  35: 'timeout waiting for the daemon connection',
  255: 'the connection failed, or the command at its other end',
};

/** `error in socket I/O (code 10)` */
export function explainRsyncCode(code: number): string {
  return `${words[code] ?? 'failed'} (code ${code})`;
}
