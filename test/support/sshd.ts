export { type Machine, type Sshd, startSshd } from '../../src/bench/servers/sshd.ts';
