import { runNode } from "./run-node.ts";

runNode(process.argv.slice(2));
