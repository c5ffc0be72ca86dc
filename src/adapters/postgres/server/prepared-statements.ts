/**
 * How many different statements are prepared. The program has fewer; but those with lists in them come in as many forms
 * as the lists have lengths, and the server keeps every one.
 */
const mostStatements = 300;

/** Chooses the statements that are prepared in each session: the first different ones. */
export function choosePrepared(): (text: string, values: readonly unknown[]) => boolean {
  const prepared = new Set<string>();
  return (text, values) => {
    // Without values a text is sent as it is, and may hold several statements.
    if (values.length === 0) return false;
    if (prepared.size < mostStatements) prepared.add(text);
    return prepared.has(text);
  };
}
