export { type Machine, type Sshd, type SshdOptions, startSshd } from '../../src/bench/servers/sshd.ts';
