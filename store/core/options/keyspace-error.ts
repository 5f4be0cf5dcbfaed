/** A keyspace that cannot be: says where, what is wrong, and what would be right. */
export class KeyspaceError extends Error {
  override readonly name = "KeyspaceError";
  /** Where in the settings, for example `keyspaces[0].w`. */
  readonly path: string;

  constructor(path: string, wrong: string, right: string) {
    super(`${path}: ${wrong}; ${right}`);
    this.path = path;
  }
}
