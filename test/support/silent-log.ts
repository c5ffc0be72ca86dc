import type { Log } from '../../src/domain/log.ts';

const nothing = () => {};

/** A log that nobody reads. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
