/** A chain of causes may be long, or lead in a circle. */
const deepest = 5;

interface DescribedError {
  readonly type: string;
  readonly message: string;
  readonly code?: unknown;
  readonly stack?: string | undefined;
  readonly cause?: unknown;
}

/**
 * An error as data: its kind, message, code and causes, and where it was thrown. Whatever else hangs on it (requests,
 * headers, parameters) stays out. What is no error stays as it is.
 */
export function describeError(error: unknown): unknown {
  return describe(error, 1);
}

function describe(error: unknown, depth: number): unknown {
  if (!(error instanceof Error)) return error;
  const described: DescribedError = {
    type: error.name,
    message: error.message,
    ...('code' in error && { code: error.code }),
    ...(depth === 1 && { stack: error.stack }),
    ...(error.cause !== undefined && depth < deepest && { cause: describe(error.cause, depth + 1) }),
  };
  return described;
}
