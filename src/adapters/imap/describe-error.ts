/** Log fields for an error, of only what is known to hold no secret: the library's errors carry the commands that failed. */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { reason: String(error) };
  const { cause } = error;
  return {
    reason: error.message,
    ...('code' in error ? { code: error.code } : {}),
    ...('responseText' in error ? { response: error.responseText } : {}),
    ...(cause instanceof Error ? { cause: cause.message } : {}),
  };
}
