import { session, type Table, type Windowed } from "../../../lib/streams/mod.ts";
import { gives, grouped } from "../prelude.ts";

gives<Table<Windowed<string>, number>>()(
  () =>
    grouped.windowedBy(session({ gapMs: 10 })).aggregate("visits", {
      init: () => 0,
      add: (n) => n + 1,
      merge: (left, right) => left + right,
    }).suppress({ until: "windowCloses" }),
);
