/** A check with one of its assertions left out. */
export interface Mutant {
  /** First line of what is left out. */
  readonly without: string;
  /** The check's source without it. */
  readonly check: string;
}

/**
 * The check cell once without each of its assertions: a case of its table, an `if` that may refuse, the drawn arguments,
 * the last `||` with its sentence.
 */
export function mutantsOf(check: string): readonly Mutant[] {
  const lines = check.split("\n");
  const dropped = lines.flatMap((line, from) => {
    const to = endOf(lines, from);
    const isCase = /^ {2,4}\[/.test(line) && lines[to]!.endsWith(",");
    if (!isCase && !/^ +if \(.*|^ +if \($/.test(line)) return [];
    const rest = [...lines.slice(0, from), ...lines.slice(to + 1)].join("\n");
    return [{ without: line.trim(), check: rest }];
  });
  const drawn = check.replace(/\], \{\n\s+right:[\s\S]*\n\s*\}\)/, "])");
  const last = check.replace(/return ([^;]*?) \|\|\s/, "return (($1), true) || ");
  return [
    ...dropped,
    ...(drawn === check ? [] : [{ without: "the drawn arguments", check: drawn }]),
    ...(last === check ? [] : [{ without: "the last sentence", check: last }]),
  ];
}

/** The line where the brackets opened at `from` are closed and the statement or element ends. */
function endOf(lines: readonly string[], from: number): number {
  let depth = 0;
  for (let at = from; at < lines.length; at++) {
    for (const char of lines[at]!.replace(/"(?:[^"\\]|\\.)*"/g, "")) {
      if ("[({".includes(char)) depth++;
      if ("])}".includes(char)) depth--;
    }
    if (depth <= 0 && /[,;}]$/.test(lines[at]!)) return at;
  }
  return lines.length - 1;
}
