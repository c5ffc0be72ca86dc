/** What a button to a page carries. */
export function pageValue(id: string, from: number): string {
  return `${id} ${from}`;
}

/** Returns `null` if it is none of ours. */
export function readPageValue(value: string): { readonly id: string; readonly from: number } | null {
  const [, id, from] = /^(\S+) (\d{1,9})$/.exec(value) ?? [];
  return id === undefined || from === undefined ? null : { id, from: Number(from) };
}
