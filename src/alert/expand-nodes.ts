/** More nodes than any mail names; what goes beyond is for a person to look at. */
const mostNodes = 1_001;

/**
 * The nodes that a list names, as ClusterShell and pdsh fold them: `int-[01-03,07],dist-1` is int-01, int-02, int-03,
 * int-07 and dist-1; `[1-9/2]` is every second one. At most 1,001 of them; what is no such list stands as it is.
 */
export function expandNodes(list: string): readonly string[] {
  const nodes: string[] = [];
  for (const part of list.match(/(?:[^,[\]]|\[[^\]]*\])+/g) ?? []) {
    nodes.push(...expandNode(part, mostNodes - nodes.length));
  }
  return nodes;
}

function expandNode(node: string, most: number): readonly string[] {
  const [, before, ranges, after] = /^([^[]*)\[([0-9,/-]+)\](.*)$/s.exec(node) ?? [];
  if (before === undefined || ranges === undefined || after === undefined) return [node].slice(0, most);
  const endings = expandNode(after, most);
  const numbers = ranges.split(',').flatMap((range) => expandRange(range, most));
  return numbers.flatMap((number) => endings.map((ending) => before + number + ending)).slice(0, most);
}

/** `07`, `01-12`, `1-9/2`; zero padding is kept. */
function expandRange(range: string, most: number): readonly string[] {
  const [, first, last = first, step = '1'] =
    /^(\d{1,9})(?:-(\d{1,9}))?(?:\/([1-9]\d{0,8}))?$/.exec(range) ?? [];
  if (first === undefined || last === undefined) return [];
  const count = Math.floor((Number(last) - Number(first)) / Number(step)) + 1;
  return Array.from({ length: Math.min(Math.max(0, count), most) }, (_, index) =>
    String(Number(first) + index * Number(step)).padStart(first.length, '0'),
  );
}
