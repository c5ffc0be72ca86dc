import { catalogue } from '../messages/catalogue/catalogue.ts';
import { runSlackTest } from './run.ts';

process.exitCode = await runSlackTest({
  entries: catalogue,
  environment: process.env,
  print: (line) => process.stdout.write(`${line}\n`),
});
