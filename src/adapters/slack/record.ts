/** The fields of something from outside, all of unknown type; none when it is no object. */
export function readRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON text as `readRecord` reads it; text that is no JSON has no fields. */
export function parseRecord(json: string): Readonly<Record<string, unknown>> {
  try {
    return readRecord(JSON.parse(json));
  } catch {
    return {};
  }
}
