import assert from "node:assert/strict";
import { rideJson, rideKey, rideKeyJson, type TaxiRide } from "./mod.ts";

const RIDE: TaxiRide = {
  vendorId: 1,
  passenger_count: 0,
  trip_distance: 2.1,
  payment_type: 2,
  total_amount: -11.8,
  tpep_pickup_datetime: 1_609_461_010_000,
  tpep_dropoff_datetime: 1_609_461_372_000,
};
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array) => new TextDecoder().decode(data);

Deno.test("rideJson writes compact JSON with the fields in one order, whatever the object's", () => {
  const turned = Object.fromEntries(Object.entries(RIDE).reverse()) as unknown as TaxiRide;
  assert.equal(
    text(rideJson.encode(turned)),
    '{"vendorId":1,"passenger_count":0,"trip_distance":2.1,"payment_type":2,"total_amount":-11.8,' +
      '"tpep_pickup_datetime":1609461010000,"tpep_dropoff_datetime":1609461372000}',
  );
});

Deno.test("rideJson reads a ride back and keeps no field that is not a ride's", () => {
  const extended = text(rideJson.encode(RIDE)).replace("{", '{"__proto__":{"a":1},"more":[1],');
  assert.deepEqual(rideJson.decode(bytes(extended)), RIDE);
});

// As `producer_taxi_json.py` of DataTalksClub/data-engineering-zoomcamp (07-streaming) writes it.
const SEED = '{"vendorId": 2, "passenger_count": 1, "trip_distance": 0.2, "payment_type": 2, ' +
  '"total_amount": 59.48}';

Deno.test("rideJson reads the five fields of the original course's producer, and writes no more than it read", () => {
  const ride = rideJson.decode(bytes(SEED));
  assert.deepEqual(ride, {
    vendorId: 2,
    passenger_count: 1,
    trip_distance: 0.2,
    payment_type: 2,
    total_amount: 59.48,
  });
  assert.equal(text(rideJson.encode(ride)), SEED.replaceAll(" ", ""));
  const nulls = SEED.replace("}", ', "tpep_pickup_datetime": null, "tpep_dropoff_datetime": 5}');
  assert.deepEqual(rideJson.decode(bytes(nulls)), { ...ride, tpep_dropoff_datetime: 5 });
});

Deno.test("rideJson refuses a time that is no number, and a ride without its amount", () => {
  const decode = (json: string) => () => rideJson.decode(bytes(json));
  assert.throws(
    decode(SEED.replace("}", ', "tpep_pickup_datetime": "2021-01-01 00:30:10"}')),
    /^SyntaxError: Cannot read a taxi ride: "tpep_pickup_datetime" is not a number$/,
  );
  assert.throws(decode(SEED.replace(', "total_amount": 59.48', "")), /"total_amount" is missing$/);
});

Deno.test("rideKeyJson writes the key of the original", () => {
  assert.equal(text(rideKeyJson.encode(rideKey(RIDE))), '{"vendorId":1}');
  assert.deepEqual(rideKeyJson.decode(bytes('{ "vendorId": 2 }')), { vendorId: 2 });
});

Deno.test("rideJson and rideKeyJson say what is wrong with other bytes", () => {
  const cases: [Uint8Array | null, RegExp][] = [
    [null, /^Cannot read a taxi key: the record's bytes are null$/],
    [bytes("not json"), /the record's bytes are not JSON/],
    [new Uint8Array([0xff]), /the record's bytes are not JSON/],
    [bytes("null"), /"vendorId" is missing/],
    [bytes("[1]"), /"vendorId" is missing/],
    [bytes('{"vendorId":"1"}'), /"vendorId" is not a number$/],
    [bytes('{"__proto__":{"vendorId":1}}'), /"vendorId" is missing/],
  ];
  for (const [data, message] of cases) {
    assert.throws(() => rideKeyJson.decode(data), { name: "SyntaxError", message });
  }
});
