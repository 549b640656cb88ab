import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRecording } from '../../../lib/page/server/read-recording';
import { Recorder } from '../../../lib/page/server/recorder';
import { demoShow, messageEvents } from '../../support/page-show';
import { temporaryFolder } from '../../support/temporary-folder';

const folder = temporaryFolder();
let files = 0;

/** A file with this content. */
function fileOf(content: string): string {
  files += 1;
  const file = join(folder, `${files}.json`);
  writeFileSync(file, content);
  return file;
}

/** A recording as the page saves it, with other events. */
const recordingOf = (events: unknown) =>
  fileOf(JSON.stringify({ format: 'shared-subscriptions-page-1', isCut: false, events }));

const begin = [0, demoShow()];

test('A recording that was saved is read with all of its events and times', () => {
  let time = 5_000;
  const recorder = new Recorder(() => time);
  recorder.record({ type: 'step', sentence: 'Of an earlier show.' });
  const events = [demoShow(), ...messageEvents(2)];
  for (const event of events) {
    recorder.record(event);
    time += 10;
  }
  const read = readRecording(fileOf(JSON.stringify(recorder.recording)));
  expect(read.events).toEqual(events.map((event, index) => [10 * index, event]));
});

test('A recording holds the first 100,000 events of a show, and says that it is cut', () => {
  const recorder = new Recorder(() => 0);
  recorder.record(demoShow());
  for (let index = 0; index < 100_000; index += 1) recorder.record({ type: 'step', sentence: '' });
  expect(recorder.recording.isCut).toBe(true);
  expect(recorder.recording.events).toHaveLength(100_000);
  recorder.record(demoShow());
  expect(recorder.recording).toMatchObject({ isCut: false, events: [[0, demoShow()]] });
});

test.each<[string, () => string, string]>([
  ['that is not there', () => join(folder, 'nowhere.json'), 'There is no file'],
  ['that is not JSON', () => fileOf('<html>'), 'is not a recording of the page'],
  ['that is null', () => fileOf('null'), 'its format is undefined'],
  [
    'of another format',
    () => fileOf('{"format":"har","events":[]}'),
    'its format is "har", not "shared-subscriptions-page-1"',
  ],
  ['without events', () => recordingOf(undefined), 'it has no list of events'],
  ['with an empty list', () => recordingOf([]), 'its first event is not a show'],
  [
    'that begins with another event',
    () => recordingOf([[0, { type: 'step', sentence: 'x' }]]),
    'its first event is not a show',
  ],
  [
    'with an event of an unknown type',
    () => recordingOf([begin, [1, { type: 'boom' }]]),
    'event 2 is not as the page saves it',
  ],
  ['with an event of an inherited type', () => recordingOf([begin, [1, { type: 'constructor' }]]), 'event 2 is not'],
  ['with an event that lacks a field', () => recordingOf([begin, [1, { type: 'step' }]]), 'event 2 is not'],
  [
    'with an event that has one more',
    () => recordingOf([begin, [1, { type: 'step', sentence: 'x', html: 'y' }]]),
    'event 2',
  ],
  [
    'with a field of another type',
    () => recordingOf([begin, [1, { type: 'done', number: '1', device: 'car1' }]]),
    'event 2',
  ],
  [
    'with a time before its beginning',
    () => recordingOf([begin, [-1, { type: 'step', sentence: 'x' }]]),
    'event 2 is not',
  ],
  ['with an entry that is not a pair', () => recordingOf([begin, { type: 'step', sentence: 'x' }]), 'event 2 is not'],
])('A recording %s is refused by name', (_, file, sentence) => {
  expect(() => readRecording(file())).toThrow(sentence);
});
