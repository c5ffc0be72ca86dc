// Stands for the thread that searches mail: each text is the name of what the patterns do with it.
import { parentPort } from 'node:worker_threads';

let setting = null;

parentPort.on('message', (message) => {
  if (setting === null) {
    setting = message;
    parentPort.postMessage('ready');
  } else if (message.text === 'search for ever') for (;;);
  else if (message.text === 'throw') throw new Error('a fault of the engine');
  else parentPort.postMessage({ found: message.text, setting });
});
