/** A paragraph whose lines may be joined with more. */
interface Paragraph {
  /** The marks of its quotation, as written. */
  readonly quote: string;
  readonly depth: number;
  readonly pieces: string[];
}

/** Joins the lines of `format=flowed` text (RFC 3676) that a sender broke, in one pass. */
export function unfoldFlowed(text: string, deletesSpace: boolean): string {
  const joined: string[] = [];
  let current: Paragraph | null = null;
  for (const line of text.split(/\r?\n/)) {
    const { quote, depth } = readQuote(line);
    const content = line.slice(quote.length);
    if (current !== null && current.depth === depth && isSoft(current)) {
      const last: string = current.pieces.pop() ?? '';
      current.pieces.push(deletesSpace ? last.slice(0, -1) : last);
      current.pieces.push(depth === 0 && !deletesSpace ? content.replace(/^ /, '') : content);
    } else {
      if (current !== null) joined.push(current.quote + current.pieces.join(''));
      current = { quote, depth, pieces: [content] };
    }
  }
  if (current !== null) joined.push(current.quote + current.pieces.join(''));
  return joined.join('\n').replace(/^ /gm, '');
}

/** A line that ends with a blank goes on, but for the mark of a signature. */
function isSoft({ pieces }: Paragraph): boolean {
  const last = pieces.at(-1) ?? '';
  return last.endsWith(' ') && !(last === '-- ' && pieces.length === 1);
}

function readQuote(line: string): Pick<Paragraph, 'quote' | 'depth'> {
  let depth = 0;
  while (line.charAt(depth) === '>') depth += 1;
  return { quote: line.slice(0, depth > 0 && line.charAt(depth) === ' ' ? depth + 1 : depth), depth };
}
