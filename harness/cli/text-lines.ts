/**
 * Lines of a stream of bytes. By line feeds only, unlike node:readline, which also cuts JSON strings at the
 * line separators of Unicode.
 *
 * @throws TypeError where the bytes are not UTF-8
 */
export async function* textLines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  // The byte order mark is the parser's affair.
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== "") yield rest;
}
