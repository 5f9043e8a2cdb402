// Where the boxes of a topology stand: in layers, each arrow from one layer to a later one.

const HIGH = 60, WIDE = { least: 138, most: 230 }, GAP = { along: 84, across: 16 };
const FRAME = 12;
/** Room above the first box for the name of a frame. */
const TOP = 22;

/**
 * Places boxes in so many pixels: left to right where that fits, else top to bottom.
 * Gives { boxes: [{ id, x, y, wide, high, … }], frames, width, height, isAcross }.
 */
export function layout({ boxes, arrows }, width) {
  const layers = layersOf(boxes, arrows);
  const count = Math.max(1, layers.length), most = Math.max(1, ...layers.map((one) => one.length));
  const across = (width - 2 * FRAME - (count - 1) * GAP.along) / count;
  const isAcross = across >= WIDE.least;
  const room = isAcross ? across : (width - 2 * FRAME - (most - 1) * GAP.across) / most;
  const wide = Math.min(WIDE.most, Math.max(WIDE.least - 30, room));
  // Every layer begins at the same edge: what follows one box after the other stands in a line.
  const placed = layers.flatMap((layer, at) =>
    layer.map((box, nth) => ({
      ...box,
      wide,
      high: HIGH,
      x: FRAME + (isAcross ? at * (wide + GAP.along) : nth * (wide + GAP.across)),
      y: TOP + (isAcross ? nth * (HIGH + TOP) : at * (HIGH + 50)),
    }))
  );
  return {
    boxes: placed,
    frames: framesOf(placed),
    width: Math.max(...placed.map((box) => box.x + box.wide), 0) + FRAME,
    height: Math.max(...placed.map((box) => box.y + box.high), 0) + FRAME,
    isAcross,
  };
}

/** Boxes by their longest way from a beginning; a store stands beside the first step that uses it. */
function layersOf(boxes, arrows) {
  const flows = withoutCircles(arrows.filter((one) => one.kind === "flow"));
  const depth = new Map();
  const depthOf = (id) => {
    if (!depth.has(id)) {
      const before = flows.filter((one) => one.to === id).map((one) => depthOf(one.from));
      depth.set(id, before.length === 0 ? 0 : Math.max(...before) + 1);
    }
    return depth.get(id);
  };
  const uses = arrows.filter((one) => one.kind === "state");
  const layers = [];
  const place = new Map();
  const put = (box, at) => {
    (layers[at] ??= []).push(box);
    place.set(box.id, layers[at].length - 1);
  };
  const main = boxes.filter((box) => !uses.some((one) => one.to === box.id));
  const byDepth = [...Map.groupBy(main, (box) => depthOf(box.id))].sort(([a], [b]) => a - b);
  for (const [at, layer] of byDepth) {
    // Near the boxes that the arrows come from, so that lines cross seldom.
    const near = (box) => {
      const from = flows.filter((one) => one.to === box.id).map((one) => place.get(one.from) ?? 0);
      return from.length === 0 ? 0 : from.reduce((sum, one) => sum + one, 0) / from.length;
    };
    for (const box of layer.toSorted((a, b) => near(a) - near(b))) {
      put(box, at);
      for (const { to } of uses.filter((one) => one.from === box.id)) {
        const store = boxes.find((one) => one.id === to);
        if (store && !place.has(to)) put(store, at);
      }
    }
  }
  return layers.filter(Boolean);
}

/** An application may write to what it reads: the arrow that closes the circle does not count. */
function withoutCircles(flows) {
  const kept = [];
  const reaches = (from, to) =>
    from === to || kept.some((one) => one.from === from && reaches(one.to, to));
  for (const flow of flows) if (!reaches(flow.to, flow.from)) kept.push(flow);
  return kept;
}

/** A frame round the boxes of each sub-topology. */
function framesOf(placed) {
  const inside = Map.groupBy(
    placed.filter((box) => box.subTopology !== null),
    (box) => box.subTopology,
  );
  return [...inside].map(([sub, boxes]) => {
    const x = Math.min(...boxes.map((box) => box.x)) - FRAME / 2;
    const y = Math.min(...boxes.map((box) => box.y)) - 18;
    return {
      sub,
      x,
      y,
      wide: Math.max(...boxes.map((box) => box.x + box.wide)) + FRAME / 2 - x,
      high: Math.max(...boxes.map((box) => box.y + box.high)) + FRAME / 2 - y,
    };
  });
}

/** A label on at most two lines, broken where a name has a joint; what does not fit ends in "…". */
export function lines(label, most) {
  const parts = label.split(/(?<=[-._: ])/);
  const out = [""];
  for (const part of parts) {
    if ((out.at(-1) + part).length > most && out.at(-1) !== "") out.push("");
    out[out.length - 1] += part;
  }
  const two = out.length <= 2 ? out : [out[0], out.slice(1).join("")];
  return two.map((line) => line.length > most + 1 ? `${line.slice(0, most - 1)}…` : line);
}
