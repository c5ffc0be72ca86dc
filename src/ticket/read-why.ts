/** What somebody asks *why* about; `number` says neither ticket nor mail. */
export type WhyAsked =
  | { readonly kind: 'device'; readonly name: string }
  | { readonly kind: 'ticket' | 'mail' | 'number'; readonly id: number };

/** Reads `int-38`, `12`, `#12`, `ticket 12`, `mail 17` or `device 12`; `null` for anything else. */
export function readWhy(words: readonly string[]): WhyAsked | null {
  const [first = '', second] = words;
  const kind = first.toLowerCase();
  if (words.length === 2 && second !== undefined) {
    if (kind === 'device') return { kind, name: second };
    const id = readId(second);
    return (kind === 'ticket' || kind === 'mail') && id !== null ? { kind, id } : null;
  }
  if (words.length !== 1) return null;
  const id = readId(first);
  if (id === null) return first.startsWith('#') ? null : { kind: 'device', name: first };
  return { kind: first.startsWith('#') ? 'ticket' : 'number', id };
}

/** Ids are whole numbers that JavaScript holds exactly. */
function readId(word: string): number | null {
  const digits = /^#?(\d{1,15})$/.exec(word)?.[1];
  return digits === undefined ? null : Number(digits);
}
