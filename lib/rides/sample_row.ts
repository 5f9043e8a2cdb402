import { drawFrom, pickFrom, type Quantile, type Random } from "./random.ts";
import { tlcTime } from "./tlc_time.ts";

const CARD = 1, CASH = 2, NO_CHARGE = 3, DISPUTE = 4, FLEX_FARE = 0;
const PAYMENTS = [[CARD, 720], [CASH, 265], [NO_CHARGE, 9], [DISPUTE, 6]] as const;
const PASSENGERS = [[1, 74], [2, 13], [3, 4], [4, 2], [5, 3], [6, 2], [0, 2]] as const;
/** Tip as a share of the bill. */
const TIP_SHARE: readonly Quantile[] = [[0, 0], [0.1, 0.1], [0.5, 0.2], [0.9, 0.25], [1, 0.3]];
/** A card ride whose bill lies here may be rounded up to $40 by its tip. */
const ROUNDED_UP = { fromCents: 3_200, toCents: 3_900, share: 0.3, totalCents: 4_000 };
const TOLL_CENTS = 612, TAX_CENTS = 50, IMPROVEMENT_CENTS = 30, CONGESTION_CENTS = 250;
const ZONES = 263;

/** A ride as it is reported: when it began, ended, and reached the file. */
export interface SampleRide {
  readonly vendor: number;
  readonly pickupMs: number;
  readonly dropoffMs: number;
  readonly arrivalMs: number;
  readonly miles: number;
}

/** What a ride cost, in cents so that sums are exact. */
interface Bill {
  readonly fare: number;
  readonly extra: number;
  readonly tolls: number;
  readonly congestion: number;
}

/** Writes one ride as the TLC does: 18 fields, amounts without needless zeros. */
export function sampleRow(ride: SampleRide, random: Random): string {
  const flex = ride.vendor === 6;
  const payment = flex ? FLEX_FARE : pickFrom(PAYMENTS, random);
  const passengers = pickFrom(PASSENGERS, random);
  const bill = drawBill(ride, random);
  const due = bill.fare + bill.extra + TAX_CENTS + bill.tolls + IMPROVEMENT_CENTS + bill.congestion;
  const tip = payment === CARD ? drawTip(due, random) : 0;
  // A ride that was not paid is taken back by a row of the same amounts below zero.
  const sign = payment === NO_CHARGE || payment === DISPUTE ? -1 : 1;
  const dollars = (cents: number) => `${cents === 0 ? 0 : sign * cents / 100}`;
  const zone = () => `${1 + Math.floor(random() * ZONES)}`;
  return [
    `${ride.vendor}`,
    tlcTime(ride.pickupMs),
    tlcTime(ride.dropoffMs),
    flex ? "" : `${passengers}`,
    ride.miles.toFixed(2),
    flex ? "" : "1",
    flex ? "" : ride.arrivalMs - ride.dropoffMs > 900_000 ? "Y" : "N",
    zone(),
    zone(),
    `${payment}`,
    dollars(bill.fare),
    dollars(bill.extra),
    dollars(TAX_CENTS),
    dollars(tip),
    dollars(bill.tolls),
    dollars(IMPROVEMENT_CENTS),
    dollars(due + tip),
    flex ? "" : dollars(bill.congestion),
  ].join(",");
}

/** The meter of 2021: $2.50, and 50 cents for a fifth of a mile or a slow minute; half a dollar more at night. */
function drawBill(ride: SampleRide, random: Random): Bill {
  const minutes = (ride.dropoffMs - ride.pickupMs) / 60_000;
  const slowMinutes = Math.max(0, Math.floor(minutes - ride.miles * 4));
  const hour = new Date(ride.pickupMs).getUTCHours();
  return {
    fare: 250 + 50 * Math.floor(ride.miles * 5) + 50 * slowMinutes,
    extra: hour >= 20 || hour < 6 ? 50 : 0,
    tolls: ride.miles > 8 && random() < 0.4 ? TOLL_CENTS : 0,
    congestion: ride.vendor === 6 || random() < 0.1 ? 0 : CONGESTION_CENTS,
  };
}

function drawTip(dueCents: number, random: Random): number {
  const { fromCents, toCents, share, totalCents } = ROUNDED_UP;
  const roundsUp = random() < share;
  if (roundsUp && dueCents >= fromCents && dueCents <= toCents) return totalCents - dueCents;
  return Math.round(dueCents * drawFrom(TIP_SHARE, random));
}
