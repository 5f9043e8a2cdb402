import { type Late, type Stream, tumbling } from "../../../lib/streams/mod.ts";
import { gives, grouped, type Ride } from "../prelude.ts";

gives<Stream<string, Late<Ride>>>()(
  () => grouped.windowedBy(tumbling({ sizeMs: 10 })).count("punctual").late,
);
