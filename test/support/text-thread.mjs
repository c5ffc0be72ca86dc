// Stands for the thread that parses mail: each source is the name of what a mail does to it.
import { parentPort } from 'node:worker_threads';

const deeds = {
  'wait for ever': () => parentPort.unref(),
  'compute for ever': () => {
    for (;;);
  },
  'take all memory': () => {
    const held = [];
    for (;;) held.push(Buffer.alloc(500_000, 'x').toString('latin1'));
  },
  throw: () => {
    throw new Error('a fault of the library');
  },
  exit: () => process.exit(3),
};

parentPort.on('message', ({ source }) => {
  const text = Buffer.from(source).toString();
  if (text === 'exceed a bound') parentPort.postMessage({ reason: 'too-many-parts', message: 'it has' });
  else if (Object.hasOwn(deeds, text)) deeds[text]();
  else parentPort.postMessage({ text, isCut: false });
});
