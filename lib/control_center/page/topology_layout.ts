// Where the boxes of a topology stand: in layers, each arrow from one layer to a later one.

/** What a box has to say about itself to be placed. */
export interface BoxOf {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly subTopology: number | null;
}

/** What an arrow has to say. */
export interface ArrowOf {
  readonly from: string;
  readonly to: string;
  readonly kind: string;
}

/** A box with its place. */
export type Placed<B> = B & {
  readonly x: number;
  readonly y: number;
  readonly wide: number;
  readonly high: number;
};

/** A frame round the boxes of a sub-topology. */
export interface Frame {
  readonly sub: number;
  readonly x: number;
  readonly y: number;
  readonly wide: number;
  readonly high: number;
}

/** Everything that is drawn. */
export interface Layout<B> {
  readonly boxes: readonly Placed<B>[];
  readonly frames: readonly Frame[];
  readonly width: number;
  readonly height: number;
  readonly isAcross: boolean;
}

const HIGH = 60, WIDE = { least: 138, most: 230 }, GAP = { along: 84, across: 16 };
const FRAME = 12;
/** Room above the first box for the name of a frame. */
const TOP = 22;

/**
 * Places boxes in so many pixels: left to right where that fits, else top to bottom.
 */
export function layout<B extends BoxOf>(
  { boxes, arrows }: { readonly boxes: readonly B[]; readonly arrows: readonly ArrowOf[] },
  width: number,
): Layout<B> {
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
function layersOf<B extends BoxOf>(boxes: readonly B[], arrows: readonly ArrowOf[]): B[][] {
  const known = new Set(boxes.map(({ id }) => id));
  const flows = withoutCircles(
    arrows.filter((one) => one.kind === "flow" && known.has(one.from) && known.has(one.to)),
  );
  const depth = depths(boxes, flows), into = Map.groupBy(flows, (one) => one.to);
  const uses = arrows.filter((one) => one.kind === "state");
  const used = new Set(uses.map((one) => one.to)), byStep = Map.groupBy(uses, (one) => one.from);
  const byId = new Map(boxes.toReversed().map((box) => [box.id, box]));
  const layers: B[][] = [];
  const place = new Map<string, number>();
  const put = (box: B, at: number) => {
    (layers[at] ??= []).push(box);
    place.set(box.id, layers[at]!.length - 1);
  };
  const main = boxes.filter((box) => !used.has(box.id));
  const byDepth = [...Map.groupBy(main, (box) => depth.get(box.id)!)].sort(([a], [b]) => a - b);
  for (const [at, layer] of byDepth) {
    // Near the boxes that the arrows come from, so that lines cross seldom.
    const near = (box: B) => {
      const from = (into.get(box.id) ?? []).map((one) => place.get(one.from) ?? 0);
      return from.length === 0 ? 0 : from.reduce((sum, one) => sum + one, 0) / from.length;
    };
    for (const box of layer.toSorted((a, b) => near(a) - near(b))) {
      put(box, at);
      for (const { to } of byStep.get(box.id) ?? []) {
        const store = byId.get(to);
        if (store && !place.has(to)) put(store, at);
      }
    }
  }
  return layers.filter(Boolean);
}

/** An application may write to what it reads: an arrow back to a box on the way does not count. Each box is visited once. */
function withoutCircles(flows: readonly ArrowOf[]): readonly ArrowOf[] {
  const from = Map.groupBy(flows, (one) => one.from);
  const closing = new Set<ArrowOf>(), state = new Map<string, "open" | "done">();
  for (const start of from.keys()) {
    // By hand and not by calling itself: a chain may be thousands of boxes long.
    const way: { readonly id: string; readonly rest: Iterator<ArrowOf> }[] = [];
    const enter = (id: string) => {
      state.set(id, "open");
      way.push({ id, rest: (from.get(id) ?? []).values() });
    };
    if (!state.has(start)) enter(start);
    while (way.length > 0) {
      const { id, rest } = way.at(-1)!, arrow: ArrowOf | undefined = rest.next().value;
      if (arrow === undefined) {
        state.set(id, "done");
        way.pop();
      } else if (state.get(arrow.to) === "open") closing.add(arrow);
      else if (!state.has(arrow.to)) enter(arrow.to);
    }
  }
  return flows.filter((one) => !closing.has(one));
}

/** Each box's longest way from a beginning, in an order in which all boxes before it are known. */
function depths(boxes: readonly BoxOf[], flows: readonly ArrowOf[]): ReadonlyMap<string, number> {
  const into = Map.groupBy(flows, (one) => one.to), from = Map.groupBy(flows, (one) => one.from);
  const missing = new Map(boxes.map(({ id }) => [id, into.get(id)?.length ?? 0]));
  const depth = new Map(boxes.map(({ id }) => [id, 0]));
  const ready = boxes.filter(({ id }) => missing.get(id) === 0).map(({ id }) => id);
  for (const id of ready) {
    for (const { to } of from.get(id) ?? []) {
      depth.set(to, Math.max(depth.get(to) ?? 0, depth.get(id)! + 1));
      missing.set(to, missing.get(to)! - 1);
      if (missing.get(to) === 0) ready.push(to);
    }
  }
  return depth;
}

/** A frame round the boxes of each sub-topology. */
function framesOf(placed: readonly Placed<BoxOf>[]): Frame[] {
  const inside = Map.groupBy(
    placed.filter((box) => box.subTopology !== null),
    (box) => box.subTopology!,
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
export function lines(label: string, most: number): string[] {
  const parts = label.split(/(?<=[-._: ])/);
  const out = [""];
  for (const part of parts) {
    if ((out.at(-1)! + part).length > most && out.at(-1) !== "") out.push("");
    out[out.length - 1] += part;
  }
  const two = out.length <= 2 ? out : [out[0]!, out.slice(1).join("")];
  return two.map((line) => line.length > most + 1 ? `${line.slice(0, most - 1)}…` : line);
}
