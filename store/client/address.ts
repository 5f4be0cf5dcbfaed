/** A host and a port. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Reads HOST:PORT, or [HOST]:PORT for IPv6; null where the text is none. */
export function parseAddress(text: string): Address | null {
  const match = /^(?:\[(?<six>[0-9a-fA-F:]+)\]|(?<name>[^:\s]+)):(?<port>\d{1,5})$/.exec(text);
  const { six, name, port } = match?.groups ?? {};
  const host = six ?? name;
  return host === undefined || Number(port) > 65_535 ? null : { host, port: Number(port) };
}
