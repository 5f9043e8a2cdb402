import { app, type Stream } from "../../../lib/streams/mod.ts";
import { gives, numbers } from "../prelude.ts";

gives<Stream<number, number>>()(
  () => app("numbers").stream(numbers),
);
