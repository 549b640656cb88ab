import { soakProblems, soakReport } from '../../../benchmarks/soak/report';
import { type SoakResult, thirds } from '../../../benchmarks/soak/soak';

const samples = (...megabytes: number[]) => megabytes.map((size) => ({ needed: size * 1e6, held: size * 2e6 }));

const good: SoakResult = {
  isInterrupted: false,
  acknowledged: 12_000,
  destinations: [
    { name: 'blue', lost: 0, doubled: 3 },
    { name: 'consumer1', lost: 0, doubled: 0 },
  ],
  departures: { kill: 20, takeover: 1 },
  memory: thirds(samples(20, 21, 21.5)),
};

test('A soak without losses and with flat memory passes', () => {
  expect(soakProblems(good)).toEqual([]);
  expect(soakReport(good)).toEqual([
    '12,000 messages; departures: 20 by kill, 1 by takeover',
    'blue: 0 lost, 3 twice',
    'consumer1: 0 lost, 0 twice',
    'Memory needed: 20.0 MB in the first third, 21.5 MB in the last',
    'Memory held: 40.0 MB in the first third, 43.0 MB in the last',
    'The soak passed.',
  ]);
});

test('A soak with a lost message fails', () => {
  const report = soakReport({ ...good, destinations: [{ name: 'blue', lost: 1000, doubled: 0 }] });
  expect(report.slice(-2)).toEqual(['1,000 messages never came to blue.', 'The soak failed.']);
});

test('A soak in which memory grows fails', () => {
  const report = soakReport({ ...good, memory: thirds(samples(20, 21, 22.1)) });
  expect(report.slice(-2)).toEqual(['IoT Core Local needs more and more memory.', 'The soak failed.']);
});

test('A soak that is too short to judge memory does not pass', () => {
  const report = soakReport({ ...good, memory: thirds(samples(20, 90)) });
  expect(report.slice(-3)).toEqual([
    'consumer1: 0 lost, 0 twice',
    'The soak was too short to judge memory: that takes three samples, 10 s apart.',
    'Nothing was lost.',
  ]);
});

test('A message that is missing when a soak is interrupted is not lost', () => {
  const interrupted = { ...good, isInterrupted: true, destinations: [{ name: 'blue', lost: 4, doubled: 0 }] };
  expect(soakProblems(interrupted)).toEqual([]);
  expect(soakReport(interrupted)).toContain('blue: 4 still missing, 0 twice');
  expect(soakReport(interrupted).at(-1)).toBe('The soak was interrupted.');
});

test('The first third and the last are medians without a sample in common', () => {
  expect(thirds([])).toBeUndefined();
  expect(thirds(samples(1, 2))).toBeUndefined();
  expect(thirds(samples(1, 2, 3, 4, 5))?.first.needed).toBe(1e6);
  expect(thirds(samples(9, 1, 2, 4, 4, 4, 6, 8, 7))).toEqual({ first: samples(2)[0], last: samples(7)[0] });
});
