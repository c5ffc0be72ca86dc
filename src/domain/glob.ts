/** Does a name match a pattern in which `*` stands for any part? Case does not matter. */
export function matchesGlob(name: string, pattern: string): boolean {
  const text = name.toLowerCase();
  // Without a regular expression, so that no entry can be slow.
  const parts = pattern.toLowerCase().split('*');
  const first = parts.shift() ?? '';
  const last = parts.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length)
    return false;
  let rest = text.slice(first.length, text.length - last.length);
  for (const part of parts) {
    const at = rest.indexOf(part);
    if (at < 0) return false;
    rest = rest.slice(at + part.length);
  }
  return true;
}
