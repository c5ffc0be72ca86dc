import { createContext, Script } from 'node:vm';

const context = createContext({ work: null });
const call = new Script('work()');

/**
 * Runs synchronous work, and stops it when it takes longer: a rule like "the 31st of each second February" keeps a
 * recurrence busy for ever, and everything else waiting. Null when it was stopped.
 */
export function runBounded<T>(work: () => T, timeoutMs: number): T | null {
  let result: T | null = null;
  context['work'] = () => {
    result = work();
  };
  try {
    call.runInContext(context, { timeout: timeoutMs });
    return result;
  } catch (error) {
    if (isTimeout(error)) return null;
    throw error;
  } finally {
    context['work'] = null;
  }
}

/** The error may be of the context's own class `Error`. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
