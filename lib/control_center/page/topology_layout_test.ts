import assert from "node:assert/strict";
import { layout } from "./topology_layout.ts";

const box = (id: string) => ({ id, kind: "step", label: id, subTopology: 0 });
const arrow = (from: string, to: string) => ({ from, to, kind: "flow" });

Deno.test("layout() places boxes from left to right, leaving out the arrow that closes a circle", () => {
  const { boxes, isAcross } = layout({
    boxes: ["c", "b", "a"].map(box),
    arrows: [arrow("a", "b"), arrow("b", "c"), arrow("c", "b"), arrow("c", "gone")],
  }, 1_200);
  assert.equal(isAcross, true);
  const inOrder = boxes.toSorted((one, other) => one.x - other.x);
  assert.deepEqual(inOrder.map(({ id }) => id), ["a", "b", "c"]);
});

Deno.test("layout() visits each box once: 60 layers of diamonds have 2^60 ways, a chain may be long", () => {
  const layers = Array.from({ length: 60 }, (_, nth) => ["a", "b"].map((side) => `${side}${nth}`));
  const arrows = layers.slice(1).flatMap((layer, nth) =>
    layers[nth]!.flatMap((from) => layer.map((to) => arrow(from, to)))
  );
  // The last come first: what an author controls is the order, too.
  const { boxes } = layout({ boxes: layers.flat().map(box), arrows: arrows.reverse() }, 900);
  assert.equal(boxes.length, 120);
  const chain = Array.from({ length: 2_000 }, (_, nth) => `n${nth}`);
  const long = layout({
    boxes: chain.map(box),
    arrows: chain.slice(1).map((to, nth) => arrow(chain[nth]!, to)),
  }, 900);
  assert.equal(long.boxes.length, 2_000);
});
