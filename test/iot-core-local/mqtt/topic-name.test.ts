import { sized } from '../../../benchmarks/mqtt-bytes';
import { randomIntegers } from '../../../benchmarks/random';
import { ByteReader } from '../../../lib/iot-core-local/mqtt/byte-reader';
import { TopicNameReader } from '../../../lib/iot-core-local/mqtt/topic-name';

/** Reads a topic name that stands between other bytes. */
function read(topics: TopicNameReader, name: string): string {
  const field = sized(name);
  const reader = new ByteReader();
  reader.moveTo(Buffer.from([0x30, ...field, 0x78]), 1, 1 + field.length);
  const topic = topics.read(reader);
  expect(reader.position).toBe(1 + field.length);
  return topic;
}

test('A connection that publishes to many topics gets each of them, however they follow each other', () => {
  const random = randomIntegers(20261126);
  // More than are remembered, of equal lengths, with others that are not remembered.
  const names = Array.from({ length: 300 }, (_, index) => `cars/${index % 150}/${index < 150 ? 'data' : 'date'}`);
  names.push('a', 'дорога', 'ж', 'x'.repeat(256), 'x'.repeat(257), `${'x'.repeat(256)}y`);
  const topics = new TopicNameReader();
  for (let round = 0; round < 10_000; round += 1) {
    const name = names[random(names.length)];
    expect(read(topics, name)).toBe(name);
  }
});

test('An empty name, for which an alias stands, is read before and after others', () => {
  const topics = new TopicNameReader();
  expect(['', 'cars/data', '', 'cars/data', 'cars/date', '', 'cars/data'].map((name) => read(topics, name))).toEqual([
    '',
    'cars/data',
    '',
    'cars/data',
    'cars/date',
    '',
    'cars/data',
  ]);
});

test.each(['cars/+', '#', 'a\u0000b'])(
  'The name %j is refused each time, also between names that are remembered',
  (name) => {
    const topics = new TopicNameReader();
    for (const valid of ['cars/data', 'cars/date', 'cars/data']) {
      expect(() => read(topics, name)).toThrow('topic name');
      expect(read(topics, valid)).toBe(valid);
    }
  },
);

test('A name that reaches past the end of its packet is refused, also if it is remembered', () => {
  const topics = new TopicNameReader();
  read(topics, 'cars/data');
  const reader = new ByteReader();
  const bytes = Buffer.from(sized('cars/data'));
  reader.moveTo(bytes, 0, bytes.length - 1);
  expect(() => topics.read(reader)).toThrow('Bytes needed for the topic name: 9; left: 8.');
});
