import { RateQuotas } from '../../../lib/iot-core-local/gateway/rate-quotas';

/** Counts a number of publishes. @returns how many of them were admitted */
function count(rates: RateQuotas, publishes: number): number {
  return Array.from({ length: publishes }, () => rates.admits()).filter(Boolean).length;
}

test.each([
  [100, 1, []],
  [101, 1, ['had 101 publishes in a second, in and out; AWS takes 100 on a connection and would discard the rest']],
  [
    12_345,
    1,
    ['had 12,345 publishes in a second, in and out; AWS takes 100 on a connection and would discard the rest'],
  ],
  // A tick that comes late, and one that comes soon after the connection was made.
  [200, 2, []],
  [100, 0.1, []],
])('%i publishes in %d s are reported: %j', (publishes, seconds, told) => {
  const rates = new RateQuotas(false, 5000);
  expect(count(rates, publishes)).toBe(publishes);
  expect(rates.tick(5000 + seconds * 1000, 0)).toEqual(told);
});

test.each([
  [512 * 1024, []],
  [513 * 1024, ['had 513 KiB in a second, in and out; AWS takes 512 on a connection and would delay the rest']],
])('%i bytes in a second are reported: %j', (bytes, told) => {
  const rates = new RateQuotas(false, 0);
  expect(rates.tick(1000, 50_000)).toEqual([]);
  expect(rates.tick(2000, 50_000 + bytes)).toEqual(told);
});

test('A rate above its quota is reported once while it lasts, and again when it begins again', () => {
  const rates = new RateQuotas(false, 0);
  const told = [101, 101, 101, 100, 101].map((publishes, second) => {
    count(rates, publishes);
    return rates.tick((second + 1) * 1000, 0).length;
  });
  expect(told).toEqual([1, 0, 0, 0, 1]);
});

test('Quotas that are enforced admit 100 publishes from tick to tick', () => {
  const rates = new RateQuotas(true, 0);
  expect(count(rates, 150)).toBe(100);
  expect(rates.tick(1000, 0)).toEqual([expect.stringMatching(/^had 150 publishes .* discards the rest$/)]);
  expect(count(rates, 150)).toBe(100);
});

test('An idle second counts neither as time of the next one nor as a rate that goes on', () => {
  const rates = new RateQuotas(false, 0);
  const told = (publishes: number, second: number) => {
    count(rates, publishes);
    return rates.tick(second * 1000, 0).length;
  };
  expect(told(150, 1)).toBe(1);
  rates.restart(60_000);
  expect(told(150, 61)).toBe(1);
  expect(told(150, 62)).toBe(0);
});
