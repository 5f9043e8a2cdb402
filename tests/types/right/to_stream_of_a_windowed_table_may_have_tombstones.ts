import { type Stream, tumbling, type Windowed } from "../../../lib/streams/mod.ts";
import { gives, grouped } from "../prelude.ts";

gives<Stream<Windowed<string>, number | null>>()(
  () => grouped.windowedBy(tumbling({ sizeMs: 10 })).count("tumbles").toStream(),
);
