/**
 * Texts are written code unit by code unit in one to three bytes (CESU-8): as short as UTF-8 for plain
 * text, and without loss for any JavaScript string, lone surrogates too.
 */

/** Room to begin with. Chosen: a record of a value of some hundred bytes needs no more. */
const firstBytes = 1_024;

/** Writes big-endian numbers and texts, one after the other. */
export class ByteWriter {
  #bytes: Uint8Array = new Uint8Array(firstBytes);
  #view: DataView = new DataView(this.#bytes.buffer);
  #length = 0;

  uint8(value: number): void {
    const at = this.#take(1);
    this.#view.setUint8(at, value);
  }

  uint16(value: number): void {
    const at = this.#take(2);
    this.#view.setUint16(at, value);
  }

  uint32(value: number): void {
    const at = this.#take(4);
    this.#view.setUint32(at, value);
  }

  float64(value: number): void {
    const at = this.#take(8);
    this.#view.setFloat64(at, value);
  }

  text(text: string): void {
    const lengthAt = this.#take(4);
    this.#grow(3 * text.length);
    const start = this.#length;
    for (let index = 0; index < text.length; index += 1) this.#unit(text.charCodeAt(index));
    this.#view.setUint32(lengthAt, this.#length - start);
  }

  /** What was written, as bytes of its own. */
  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #unit(unit: number): void {
    const bytes = this.#bytes;
    let at = this.#length;
    if (unit < 0x80) {
      bytes[at++] = unit;
    } else {
      if (unit < 0x800) {
        bytes[at++] = 0xc0 | (unit >>> 6);
      } else {
        bytes[at++] = 0xe0 | (unit >>> 12);
        bytes[at++] = 0x80 | ((unit >>> 6) & 0x3f);
      }
      bytes[at++] = 0x80 | (unit & 0x3f);
    }
    this.#length = at;
  }

  /** Makes room, and perhaps another view for it: to be called before the view is looked at. */
  #take(count: number): number {
    this.#grow(count);
    const at = this.#length;
    this.#length += count;
    return at;
  }

  #grow(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#length + count));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

/** Reads what a `ByteWriter` wrote. The caller has checked that it is whole. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = end;
    this.#at = start;
  }

  uint8(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  uint32(): number {
    return this.#view.getUint32(this.#skip(4));
  }

  float64(): number {
    return this.#view.getFloat64(this.#skip(8));
  }

  text(): string {
    const length = this.#view.getUint32(this.#skip(4));
    const end = this.#skip(length) + length;
    const units: number[] = [];
    let text = "";
    for (let at = end - length; at < end; ) {
      const first = this.#bytes[at] ?? 0;
      units.push(this.#unit(at, first));
      at += first < 0x80 ? 1 : first < 0xe0 ? 2 : 3;
      if (units.length === 4_096) text += String.fromCharCode(...units.splice(0));
    }
    return text + String.fromCharCode(...units);
  }

  #unit(at: number, first: number): number {
    if (first < 0x80) return first;
    const second = (this.#bytes[at + 1] ?? 0) & 0x3f;
    if (first < 0xe0) return ((first & 0x1f) << 6) | second;
    return ((first & 0x0f) << 12) | (second << 6) | ((this.#bytes[at + 2] ?? 0) & 0x3f);
  }

  #skip(count: number): number {
    const at = this.#at;
    if (at + count > this.#end) throw new RangeError("a record whose checksum is right ends too early");
    this.#at = at + count;
    return at;
  }
}
