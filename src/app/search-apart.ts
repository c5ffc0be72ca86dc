import { parentPort } from 'node:worker_threads';
import { type CompiledFormat, compileFormats, type SearchedMail } from '../alert/formats.ts';
import { searchFormats } from '../alert/search-formats.ts';
import type { AlertFormat, FailurePattern } from '../domain/policy.ts';

// A program of its own: a thread in which the bot has long mail searched.

/** What the bot says first. */
export interface SearchSetting {
  readonly formats: readonly AlertFormat[];
  readonly failures: readonly FailurePattern[];
}

let formats: readonly CompiledFormat[] | null = null;

parentPort?.on('message', (message) => {
  if (formats !== null) {
    parentPort?.postMessage(searchFormats(message as SearchedMail, formats));
    return;
  }
  const setting = message as SearchSetting;
  formats = compileFormats(setting.formats, setting.failures);
  parentPort?.postMessage('ready');
});
