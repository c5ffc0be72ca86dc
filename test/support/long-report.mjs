// Stands for the process that reads mails apart: its report has as many megabytes as its argument says; of 0 there is none.
import { sendReport } from '../../dist/fuzz/report.js';

const megabytes = Number(process.argv[2]);
if (megabytes > 0) sendReport({ keys: 'x'.repeat(megabytes * 1e6) });
else process.exit(3);
