import { hopping, type Table, type Windowed } from "../../../lib/streams/mod.ts";
import { gives, grouped } from "../prelude.ts";

gives<Table<Windowed<string>, number>>()(
  () => grouped.windowedBy(hopping({ sizeMs: 10, advanceMs: 5 })).count("hops").filter(() => true),
);
