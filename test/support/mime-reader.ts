import { createMimeReader } from '../../src/adapters/mime/read-mime.ts';

/** One for each file of tests, with one thread: it keeps no process alive. */
export const { openMail, readMime } = createMimeReader();
