/** CRC32C (Castagnoli, RFC 3720 appendix B.4): the polynomial reflected. */
const polynomial = 0x82f63b78;

const table = makeTable();

function makeTable(): Int32Array {
  const entries = new Int32Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    entries[byte] = crc;
  }
  return entries;
}

/** CRC32C of `bytes` from `start` to before `end`, continuing from an earlier result. Unsigned. */
export function crc32c(bytes: Uint8Array, start: number, end: number, earlier = 0): number {
  let crc = ~earlier;
  for (let at = start; at < end; at += 1) {
    crc = (crc >>> 8) ^ (table[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  }
  return ~crc >>> 0;
}
