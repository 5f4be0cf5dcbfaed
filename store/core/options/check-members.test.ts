import assert from "node:assert/strict";
import { checkClient, checkMembers, roomProblem } from "./check-members.ts";
import { parseKeyspaces } from "./parse-keyspaces.ts";

const members = ["n1", "n2", "n3"].map((id) => ({ id, dc: id === "n3" ? "d2" : "d1" }));
const small = parseKeyspaces([{ name: "a" }]);
const large = parseKeyspaces([{ name: "a" }, { name: "b", n: 4 }]);
const spread = parseKeyspaces([{ name: "a", replicas: { d1: 2, d2: 2 }, n: 4 }]);
const uneven = parseKeyspaces([{ name: "a", replicas: { d1: 1, d2: 2 } }]);
const nowhere = parseKeyspaces([{ name: "a", replicas: { d3: 1 } }]);

describe("members", () => {
  it("tell a node where it stands, or it says so itself", () => {
    assert.equal(checkMembers("n3", small, members), "d2");
    assert.equal(checkMembers("n4", small, members, "d9"), "d9");
    assert.throws(() => checkMembers("n4", small, members), {
      message:
        'members: "n4" is not among them; name it; a node that is to join a cluster is given its data centre instead',
    });
  });

  it("must be enough for every keyspace, in every data centre", () => {
    const wrong = "keyspaces[1].n: 4 replicas do not fit on 3 nodes; give at most 3";
    assert.throws(() => checkMembers("n1", large, members), { message: wrong });
    assert.throws(() => checkClient("c1", large, members), { message: wrong });
    assert.throws(() => checkMembers("n1", uneven, members), {
      message: "keyspaces[0].replicas.d2: 2 replicas do not fit on the 1 nodes of d2; give at most 1",
    });
    assert.equal(roomProblem(small, members), null);
    assert.match(String(roomProblem(spread, members)), /^keyspace "a"\.n: 4 replicas do not fit on 3 nodes/);
    assert.match(String(roomProblem(nowhere, members)), /1 replicas do not fit on the 0 nodes of d3/);
  });

  it("are not clients", () => {
    assert.doesNotThrow(() => checkClient("c1", small, members));
    assert.throws(() => checkClient("n1", small, members), {
      message: 'members: "n1" is a node; give the client a name of its own',
    });
  });
});
