import { randomIntegers } from '../../../benchmarks/random';
import type { Delivery } from '../../../lib/iot-core-local/broker/delivery';
import { Inflight } from '../../../lib/iot-core-local/broker/inflight';

const delivery = (number: number) => ({ number }) as unknown as Delivery;
const numbersOf = (deliveries: readonly Delivery[]) =>
  deliveries.map((each) => (each as unknown as { number: number }).number);

test('Deliveries get packet ids from 1 on, and are listed in the order in which they were added', () => {
  const inflight = new Inflight();
  const packetIds = Array.from({ length: 100 }, (_, number) => inflight.add(delivery(number)));
  expect(packetIds).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  expect(inflight.size).toBe(100);
  expect(inflight.entries().map(([packetId]) => packetId)).toEqual(packetIds);
});

test('A packet id is removed once, and an unknown one never', () => {
  const inflight = new Inflight();
  const packetId = inflight.add(delivery(1));
  // The same slot of the table, and no delivery.
  expect([packetId + 8, packetId + 65_528 - 8].map((other) => inflight.remove(other))).toEqual([false, false]);
  expect([inflight.remove(packetId), inflight.remove(packetId), inflight.size]).toEqual([true, false, 0]);
});

test('The deliveries that fit are taken out in their order', () => {
  const inflight = new Inflight();
  for (let number = 0; number < 20; number += 1) inflight.add(delivery(number));
  const taken = inflight.take((each) => numbersOf([each])[0] % 5 === 0);
  expect(numbersOf(taken)).toEqual([0, 5, 10, 15]);
  expect(inflight.size).toBe(16);
});

test('All 65,535 packet ids can be in use', () => {
  const inflight = new Inflight();
  for (let number = 0; number < 65_535; number += 1) inflight.add(delivery(number));
  expect(new Set(inflight.entries().map(([packetId]) => packetId)).size).toBe(65_535);
  expect(inflight.remove(40_000)).toBe(true);
  expect(inflight.add(delivery(7))).toBe(40_000);
});

// The first delivery stays, so that packet ids wrap around past it more than once.
test('Random additions and removals keep packet ids unique and the order of a list (seed 1)', () => {
  const random = randomIntegers(1);
  const inflight = new Inflight();
  const model: [packetId: number, number: number][] = [[inflight.add(delivery(-1)), -1]];
  for (let number = 0; number < 200_000; number += 1) {
    if (model.length <= 1 + random(100)) {
      const packetId = inflight.add(delivery(number));
      if (packetId < 1 || packetId > 65_535 || model.some(([other]) => other === packetId)) {
        throw new Error(`${packetId}`);
      }
      model.push([packetId, number]);
    } else {
      const [[packetId]] = model.splice(1 + random(model.length - 1), 1);
      if (!inflight.remove(packetId) || inflight.remove(packetId)) throw new Error(`${packetId} was not removed once.`);
    }
    if (number % 5000 === 0) {
      expect(inflight.size).toBe(model.length);
      expect(inflight.entries().map(([packetId, each]) => [packetId, ...numbersOf([each])])).toEqual(model);
    }
  }
});
