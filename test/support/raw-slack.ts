export { startRawSlack } from '../../src/fuzz/raw-slack.ts';
