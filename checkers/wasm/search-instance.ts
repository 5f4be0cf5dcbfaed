/** What the compiled search offers (checkers/wasm/assembly/index.ts). Addresses and lengths are in its memory. */
export interface SearchExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  reserve(operations: number, isModel: number, bytes: number): number;
  reserveReadOnly(classes: number): number;
  prepare(initial: number, foresight: number): number;
  allow(bytes: number): void;
  run(steps: number, patience: number): number;
  stepsTaken(): number;
  peakBytes(): number;
  orderStart(): number;
  orderLength(): number;
  partials(): number;
  partialStart(which: number): number;
  partialLength(which: number): number;
  refusedStart(which: number): number;
  refusedCount(which: number): number;
}

/** The state after an operation of a class, or −1 where the model forbids it. */
export type Step = (state: number, operationClass: number) => number;

/** As much of WebAssembly as is used: the types of pure folders have none. */
interface Engine {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

/** Makes instances of a compiled search; `step` answers for the model. The bytes are compiled only once. */
export function searchMaker(bytes: () => Uint8Array): (step: Step) => SearchExports {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: Engine };
  let compiled: object | null = null;
  return (step) => {
    compiled ??= new WebAssembly.Module(bytes());
    const imports = { host: { step } };
    return new WebAssembly.Instance(compiled, imports).exports as SearchExports;
  };
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Bytes from base64. */
export function bytesOfBase64(text: string): Uint8Array {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length * 3) / 4 - padding);
  let at = 0;
  for (let place = 0; place < text.length; place += 4) {
    let group = 0;
    for (let digit = place; digit < place + 4; digit += 1) {
      group = (group << 6) | Math.max(0, alphabet.indexOf(text.charAt(digit)));
    }
    // A write past the end, of what only fills the last group up, is ignored.
    for (const shift of [16, 8, 0]) bytes[at++] = (group >> shift) & 0xff;
  }
  return bytes;
}
