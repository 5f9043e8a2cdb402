/**
 * The echo worker, but it never asks its group whether it is still counted in: the control of R24.
 *
 * @module
 */
import { GroupCoordinator } from "../../lib/kafka/engine.ts";

GroupCoordinator.prototype.belongs = () => Promise.resolve(true);
await import("./echo_worker.ts");
