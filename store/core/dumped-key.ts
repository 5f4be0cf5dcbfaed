import type { Keyspace } from "./options/keyspace.ts";
import { isDotted } from "./options/keyspace.ts";
import { contextText } from "./versions/context-text.ts";
import type { State, Versioning } from "./versions/version.ts";
import { versionText } from "./versions/version-text.ts";

/** One key of a replica, as a dump shows it: what a reader would see, or that it was deleted. */
export interface DumpedKey {
  readonly key: string;
  readonly values: readonly DumpedValue[];
}

interface DumpedValue {
  readonly value: string | null;
  readonly version: string;
  readonly deleted: boolean;
}

/** What a dump shows of a state. Replicas with equal states show the same. */
export function dumpedValues(
  keyspace: Keyspace,
  versioning: Versioning,
  state: State,
): readonly DumpedValue[] {
  if (!isDotted(keyspace)) {
    return state.entries.map(({ value, version, deleted }) => {
      return { value, version: versionText(version), deleted };
    });
  }
  // What is shown need not be what is held: a counter is the sum of what each actor counted.
  const version = contextText(state.context) ?? "";
  const shown = versioning.show(state).map((value) => ({ value, version, deleted: false }));
  return shown.length > 0 ? shown : [{ value: null, version, deleted: true }];
}
