export { type PostgresServer, startPostgres } from '../../src/bench/servers/postgres.ts';
