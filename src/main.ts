#!/usr/bin/env node
import { runCli } from './cli/cli.ts';

// The only place that knows the process: arguments, environment, streams and exit code.
process.exitCode = await runCli(process.argv, {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  onStopSignal(stop) {
    process.once('SIGINT', stop).once('SIGTERM', stop);
  },
});
