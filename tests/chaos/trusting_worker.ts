/**
 * The echo worker, but it never asks its group whether it is still counted in: the control of R24.
 *
 * @module
 */
import { GroupMember } from "../../lib/kafka/engine.ts";

GroupMember.prototype.belongs = () => Promise.resolve(true);
await import("./echo_worker.ts");
