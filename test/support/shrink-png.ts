import { crc32, deflateSync, inflateSync } from 'node:zlib';

const signatureLength = 8;
/** Chromium's pictures: three bytes a pixel, not interlaced. */
const pixelBytes = 3;

/**
 * The same picture in fewer bytes. Chromium filters each row, as is good for photographs; a picture of text packs
 * better as it is, because its letters repeat. PNG: https://www.w3.org/TR/png-3/#9Filters
 */
export function shrinkPng(png: Buffer): Buffer {
  const chunks = readChunks(png);
  const header = chunks.find(({ type }) => type === 'IHDR')?.data ?? Buffer.alloc(0);
  const packed = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
  const rowBytes = header.readUInt32BE(0) * pixelBytes;
  const rows = removeFilters(inflateSync(Buffer.concat(packed)), rowBytes);
  return Buffer.concat([
    png.subarray(0, signatureLength),
    writeChunk('IHDR', header),
    writeChunk('IDAT', deflateSync(rows, { level: 9 })),
    writeChunk('IEND', Buffer.alloc(0)),
  ]);
}

function readChunks(png: Buffer): { type: string; data: Buffer }[] {
  const chunks = [];
  let at = signatureLength;
  while (at < png.length) {
    const end = at + 8 + png.readUInt32BE(at);
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, end) });
    at = end + 4;
  }
  return chunks;
}

function writeChunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8 + content.length);
  frame.writeUInt32BE(data.length, 0);
  content.copy(frame, 4);
  frame.writeUInt32BE(crc32(content), 4 + content.length);
  return frame;
}

/** Each row begins with the number of its filter, 0 for none. */
function removeFilters(filtered: Buffer, rowBytes: number): Buffer {
  const rows = Buffer.from(filtered);
  for (let start = 0; start < rows.length; start += rowBytes + 1) {
    const filter = rows[start] ?? 0;
    rows[start] = 0;
    for (let at = start + 1; at <= start + rowBytes; at += 1) {
      const isFirst = at - start <= pixelBytes;
      const left = isFirst ? 0 : (rows[at - pixelBytes] ?? 0);
      const above = rows[at - rowBytes - 1] ?? 0;
      const corner = isFirst ? 0 : (rows[at - rowBytes - 1 - pixelBytes] ?? 0);
      rows[at] = (rows[at] ?? 0) + predict(filter, left, above, corner);
    }
  }
  return rows;
}

function predict(filter: number, left: number, above: number, corner: number): number {
  if (filter === 3) return (left + above) >> 1;
  return [0, left, above, 0, nearest(left + above - corner, left, above, corner)][filter] ?? 0;
}

/** Paeth's choice: the neighbour that is nearest to the estimate. */
function nearest(estimate: number, left: number, above: number, corner: number): number {
  const distance = (value: number) => Math.abs(estimate - value);
  if (distance(left) <= distance(above) && distance(left) <= distance(corner)) return left;
  return distance(above) <= distance(corner) ? above : corner;
}
