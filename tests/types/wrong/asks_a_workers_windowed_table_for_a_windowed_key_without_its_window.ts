// deno check says: is not assignable to
import { grouped, tumbling, worker } from "../prelude.ts";

worker.table(grouped.windowedBy(tumbling({ sizeMs: 1 })).count("n")).get({ key: "v" });
