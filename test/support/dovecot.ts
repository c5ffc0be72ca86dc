export { type Dovecot, startDovecot } from '../../src/bench/servers/dovecot.ts';
