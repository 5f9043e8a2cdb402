// deno check says: 'sizeMS' does not exist in type 'TumblingOptions'. Did you mean to write 'sizeMs'?
import { tumbling } from "../prelude.ts";

tumbling({ sizeMS: 60_000 });
