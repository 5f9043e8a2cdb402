import type { Page } from "npm:playwright-core@1.65.1";
import { GROUP } from "./_center.ts";

/** Something of the Control Center to look at: a page, a dialog on it, or one of its pictures alone. */
export interface View {
  readonly name: string;
  /** What stands behind the `#/` of its address. */
  readonly hash: string;
  /** Buttons that open its dialog, one after the other. */
  readonly press?: readonly string[];
}

const TOPIC = "topics/demo_1", SUBJECT = "schemas/datatalkclub.yellow_taxi_rides-value";
const APP = "apps/datatalksclub.stream.v2.windowing", TABLE = `${APP}/vendor_rides_windowed?key=1`;

const PAGES: readonly View[] = [
  { name: "cluster", hash: "" },
  { name: "broker", hash: "brokers/1" },
  { name: "topics", hash: "topics" },
  { name: "messages", hash: `${TOPIC}?from=begin&open=0.0` },
  { name: "lanes", hash: `${TOPIC}/lanes` },
  { name: "partitions", hash: `${TOPIC}/partitions` },
  { name: "readers", hash: `${TOPIC}/readers` },
  { name: "analysis", hash: `${TOPIC}/analysis` },
  { name: "settings", hash: `${TOPIC}/settings` },
  { name: "groups", hash: "groups" },
  { name: "group", hash: `groups/${GROUP}` },
  { name: "schemas", hash: "schemas" },
  { name: "subject", hash: SUBJECT },
  { name: "apps", hash: "apps" },
  { name: "app", hash: TABLE },
  { name: "nowhere", hash: "nonsense" },
];

const DIALOGS: readonly View[] = [
  { name: "create_topic", hash: "topics", press: ["Create topic", "Add a setting"] },
  { name: "produce", hash: TOPIC, press: ["Produce"] },
  { name: "change_setting", hash: `${TOPIC}/settings`, press: ["Change retention.ms"] },
  { name: "add_partitions", hash: `${TOPIC}/settings`, press: ["Add partitions"] },
  { name: "empty_topic", hash: `${TOPIC}/settings`, press: ["Empty topic"] },
  { name: "delete_topic", hash: `${TOPIC}/settings`, press: ["Delete topic"] },
  {
    name: "reset_offsets",
    hash: `groups/${GROUP}`,
    press: ["Reset offsets", "What would change?"],
  },
  { name: "forget_topic", hash: `groups/${GROUP}`, press: ["Forget a topic"] },
  { name: "delete_group", hash: `groups/${GROUP}`, press: ["Delete group"] },
  { name: "delete_version", hash: SUBJECT, press: ["Delete version 1"] },
  { name: "delete_subject", hash: SUBJECT, press: ["Delete subject"] },
  { name: "as_code", hash: `groups/${GROUP}`, press: ["As code"] },
];

const PICTURES: readonly View[] = [
  ["", "brokers"],
  ["", "leaders"],
  ["brokers/1", "loads"],
  [`${TOPIC}/lanes`, "lanes"],
  [`${TOPIC}/readers`, "readers"],
  [`groups/${GROUP}`, "lag"],
  [`groups/${GROUP}`, "rates"],
  [`groups/${GROUP}`, "owners"],
  [TABLE, "topology"],
  [TABLE, "windows"],
  [TABLE, "journey"],
].map(([hash = "", show]) => ({
  name: `show_${show}`,
  hash: `${hash}${hash.includes("?") ? "&" : "?"}show=${show}`,
}));

/** Everything that there is to look at in a cluster of the seed's steps. */
export const VIEWS: readonly View[] = [...PAGES, ...DIALOGS, ...PICTURES];

/** Shows it, with everything that it has to read first. */
export async function shows(page: Page, url: string, { hash, press = [] }: View): Promise<void> {
  // Of a page that is there already, only the part behind the # changes: a dialog would stay open.
  await page.goto("about:blank");
  await page.goto(`${url}/#/${hash}`);
  await page.locator(".card").locator("visible=true").first().waitFor();
  await page.waitForFunction(() =>
    !document.querySelector("main")!.innerText.includes("Reading …")
  );
  for (const name of press) {
    await page.getByRole("button", { name, exact: true }).first().click();
  }
}
