/** NUL, and halves of surrogate pairs: no text in PostgreSQL can hold them. */
const impossible = /[\0\p{Surrogate}]/gu;

/** Much faster, and true of nearly no text. */
const mayBeImpossible = /[\0\ud800-\udfff]/;

/** Text from outside as a database takes it: what it can't hold becomes `\ufffd`. */
export function storableText(text: string): string {
  return mayBeImpossible.test(text) ? text.replace(impossible, '\ufffd') : text;
}

/** Plain data with all its texts as a database takes them. */
export function storable<Data>(data: Data): Data {
  return isStorable(data) ? data : (clean(data) as Data);
}

/** Nearly all is: then nothing need be copied. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !mayBeImpossible.test(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return true;
  if (Array.isArray(value)) return value.every(isStorable);
  const fields = value as Readonly<Record<string, unknown>>;
  return Object.keys(fields).every((name) => !mayBeImpossible.test(name) && isStorable(fields[name]));
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [storableText(name), clean(one)]));
}
