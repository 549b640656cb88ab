import { type Recording, recordingFormat } from '../../../lib/page/model/recording';
import { Playback } from '../../../lib/page/shows/playback';
import { EventLog } from '../../support/event-log';
import { demoShow, messageEvents } from '../../support/page-show';

const events = [demoShow(), ...messageEvents(3)];
const recording: Recording = {
  format: recordingFormat,
  isCut: false,
  events: events.map((event, index) => [index, event] as const),
};

test('A recording is played in its order, and can be played again from its beginning', async () => {
  const log = new EventLog();
  const playback = new Playback(recording, log.tell);
  const isLast = (event: unknown) => event === events.at(-1);
  const ended = log.next(isLast);
  playback.begin();
  await ended;
  expect(log.events).toEqual(events);
  const endedAgain = log.next(isLast);
  await playback.act({ do: 'replay' });
  await endedAgain;
  expect(log.events).toEqual([...events, ...events]);
});

test('A recording that is stopped plays nothing more', async () => {
  const log = new EventLog();
  const playback = new Playback(
    {
      ...recording,
      events: [
        [0, demoShow()],
        [20, messageEvents(1)[0]],
      ],
    },
    log.tell,
  );
  playback.begin();
  await playback.stop();
  await new Promise((resolve) => setTimeout(resolve, 40));
  expect(log.events).toEqual([demoShow()]);
});

test('Nothing can be done to the fleet of a recording', async () => {
  const playback = new Playback(recording, () => {});
  await expect(playback.act({ do: 'kill', device: 'subscriber2A' })).rejects.toThrow('A recording is played');
});
