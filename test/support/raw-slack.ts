export { type RawSlack, startRawSlack } from '../../src/fuzz/raw-slack.ts';
