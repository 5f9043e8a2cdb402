import { parse } from "csv-parse/sync";
import { fileURLToPath } from "node:url";

/** One of the TLC's taxi zones: what a `PULocationID` or `DOLocationID` stands for. */
export interface TaxiZone {
  /** From 1 to 265. */
  readonly id: number;
  /** Manhattan, Queens, Brooklyn, Bronx, Staten Island, EWR; Unknown for 264 and 265. */
  readonly borough: string;
  /** A name such as "JFK Airport"; three names belong to more than one zone. */
  readonly zone: string;
  /** Which cabs pick up there: "Yellow Zone", "Boro Zone", "Airports", "EWR"; "N/A" for 264 and 265. */
  readonly serviceZone: string;
}

/** Path of the look-up table in `data/`. */
export function zonesFile(): string {
  return fileURLToPath(new URL("../../data/zones.csv", import.meta.url));
}

/**
 * Reads the TLC's look-up table of taxi zones.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readZones } from "./zones.ts";
 * const zones = await readZones();
 * assert.equal(zones.length, 265);
 * assert.deepEqual(zones[131], { id: 132, borough: "Queens", zone: "JFK Airport", serviceZone: "Airports" });
 * ```
 * @param path A file in the TLC's format. @default the one in `data/`
 * @returns In the order of the file, which is that of the numbers.
 * @throws {SyntaxError} If a row has no number, or a column is missing.
 */
export async function readZones(path: string = zonesFile()): Promise<readonly TaxiZone[]> {
  const rows: Record<string, string>[] = parse(await Deno.readTextFile(path), {
    columns: true,
    skip_empty_lines: true,
    bom: true,
  });
  return rows.map((row, at) => {
    const { LocationID, Borough: borough, Zone: zone, service_zone: serviceZone } = row;
    const id = Number(LocationID);
    if (!Number.isInteger(id) || id < 1 || !borough || !zone || !serviceZone) {
      throw new SyntaxError(
        `Cannot read zones from "${path}": row ${at + 1} is ${JSON.stringify(row)} ` +
          "(its columns are LocationID, Borough, Zone, service_zone)",
      );
    }
    return { id, borough, zone, serviceZone };
  });
}
