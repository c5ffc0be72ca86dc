/** smtp-server answers with the code that an error carries. */
export interface Refusal extends Error {
  responseCode?: unknown;
}

export function refusal(responseCode: number, message: string, cause?: unknown): Refusal {
  return Object.assign(new Error(message, { cause }), { responseCode });
}

export function asRefusal(error: unknown): Refusal {
  return error instanceof Error && 'responseCode' in error
    ? error
    : refusal(451, 'Not received, try again later', error);
}
