import type { Fields } from "./fields.ts";
import { fieldsOf, onlyFields, shown } from "./fields.ts";
import type { Keyspace } from "./keyspace.ts";
import { KeyspaceError } from "./keyspace-error.ts";
import { checkTogether } from "./keyspace-rules.ts";
import { maxReplicas, settings } from "./settings.ts";

const settingNames = Object.keys(settings);

/** Reads keyspaces from plain data. Throws a `KeyspaceError` at the first thing that cannot be. */
export function parseKeyspaces(json: unknown): readonly Keyspace[] {
  if (!Array.isArray(json))
    throw new KeyspaceError("keyspaces", `${shown(json)} is not a list`, "give [{…}]");
  if (json.length === 0) throw new KeyspaceError("keyspaces", "the list is empty", "name at least one");
  const items: readonly unknown[] = json;
  const keyspaces = items.map((item, index) => parseKeyspace(item, `keyspaces[${index}]`));
  keyspaces.forEach((keyspace, index) => {
    if (keyspaces.findIndex((other) => other.name === keyspace.name) === index) return;
    throw new KeyspaceError(`keyspaces[${index}].name`, `"${keyspace.name}" is there twice`, "names differ");
  });
  return keyspaces;
}

function parseKeyspace(json: unknown, path: string): Keyspace {
  const fields = fieldsOf(json, path);
  onlyFields(fields, path, settingNames);
  const replicas = settings.replicas.read(fields["replicas"], `${path}.replicas`, 0);
  const n = settings.n.read(fields["n"], `${path}.n`, replicas === null ? 3 : sumOf(replicas));
  if (replicas !== null && n !== sumOf(replicas)) {
    throw new KeyspaceError(
      `${path}.n`,
      `${n} is not the sum of replicas`,
      `give ${sumOf(replicas)}, or leave it out`,
    );
  }
  if (n > maxReplicas) {
    throw new KeyspaceError(`${path}.replicas`, `${n} replicas are too many`, `give at most ${maxReplicas}`);
  }
  const keyspace = readAll(fields, path, n);
  checkTogether(keyspace, fields, path);
  return keyspace;
}

function readAll(fields: Fields, path: string, n: number): Keyspace {
  const read = <Name extends keyof Keyspace>(name: Name): Keyspace[Name] =>
    settings[name].read(fields[name], `${path}.${name}`, n);
  const protocol = read("protocol");
  const sloppy = read("sloppy");
  return {
    name: read("name"),
    n,
    replicas: read("replicas"),
    w: read("w"),
    r: read("r"),
    versions: read("versions"),
    actor: read("actor"),
    siblings: read("siblings"),
    replicate: read("replicate"),
    removes: read("removes"),
    tieBreak: read("tieBreak"),
    protocol,
    cas: fields["cas"] === undefined && protocol === "caspaxos" ? "caspaxos" : read("cas"),
    read: read("read"),
    writeBackTo: read("writeBackTo"),
    stamp: read("stamp"),
    stampUnitUs: read("stampUnitUs"),
    answer: read("answer"),
    coordinate: read("coordinate"),
    deletes: read("deletes"),
    sloppy,
    hints:
      fields["hints"] === undefined && sloppy !== null
        ? settings.hints.read({}, `${path}.hints`, n)
        : read("hints"),
    antiEntropyMs: read("antiEntropyMs"),
    fsync: read("fsync"),
    ring: read("ring"),
  };
}

function sumOf(replicas: Readonly<Record<string, number>>): number {
  let sum = 0;
  for (const dc of Object.keys(replicas)) sum += replicas[dc] ?? 0;
  return sum;
}
