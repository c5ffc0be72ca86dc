#!/usr/bin/env -S MALLOC_MMAP_THRESHOLD_=4000000 MALLOC_TRIM_THRESHOLD_=33554432 node --v8-pool-size=0
import { runCli } from './cli/cli.ts';

// Whoever reads the output may have had enough of it, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

// The only place that knows the process: arguments, environment, streams and exit code.
process.exitCode = await runCli(process.argv, {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  onStopSignal(stop) {
    process.once('SIGINT', stop).once('SIGTERM', stop);
  },
});
