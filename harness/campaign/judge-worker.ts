/** The entry of a worker thread that judges histories. */
import { checkerNamed } from "../../checkers/checker-named.ts";
import { serveJudge } from "./judge-work.ts";

serveJudge(checkerNamed);
