export { startPostgres } from '../../src/bench/servers/postgres.ts';
