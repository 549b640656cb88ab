import { FollowedMessages } from '../../../lib/page/shows/followed-messages';
import { type LiveCounts, liveVerdict } from '../../../lib/page/shows/live-verdict';
import { fleetWith } from '../../support/demo-fleet';

type Counts = Partial<Omit<LiveCounts['destinations'][number], 'destination'>>;

/** The verdict on the blog post's fleet. @param group - what became of group2's messages */
function verdictOn(group: Counts = {}, consumer: Counts = {}, rest: Partial<LiveCounts> = {}) {
  const [one, other] = new FollowedMessages(fleetWith(), () => 0).counts();
  const destinations = [
    { ...one, ...group },
    { ...other, ...consumer },
  ];
  return liveVerdict({ published: 9, destinations, areDuplicatesFaults: true, problems: [], ...rest });
}

test('A fleet whose messages all arrived passes so far', () => {
  expect(verdictOn({ got: 9 }, { got: 7, pending: 2 })).toEqual({
    verdict: 'pass',
    sentence: 'Pass so far. group2 got each message once, and consumer3 got every message.',
    details: [],
  });
});

test('A fleet that has sent nothing has no verdict yet', () => {
  expect(verdictOn({}, {}, { published: 0 })).toMatchObject({
    verdict: 'running',
    sentence: 'Ready. No message is sent yet.',
  });
});

test('A message that did not arrive fails', () => {
  expect(verdictOn({ missed: 2 }, { missed: 1 })).toEqual({
    verdict: 'fail',
    sentence: 'Fail. group2 did not get 2 messages.',
    details: ['consumer3 did not get 1 message.'],
  });
});

test('A message that came twice fails on this machine, and is a remark on AWS', () => {
  expect(verdictOn({ repeated: 1 }).sentence).toBe('Fail. group2 got 1 message more than once.');
  const { verdict, details } = verdictOn({ repeated: 1 }, {}, { areDuplicatesFaults: false });
  expect([verdict, details]).toEqual(['pass', ['group2 got 1 message more than once.']]);
});

test('Messages for which nobody was there, and messages lost with a connection, are remarks', () => {
  expect(verdictOn({ away: 3, cut: 1 }, { away: 1 })).toMatchObject({
    verdict: 'pass',
    details: [
      'Nobody of group2 was there for 3 messages.',
      'group2 lost 1 message with a connection that was cut.',
      'consumer3 was not there for 1 message.',
    ],
  });
});

test('A problem fails', () => {
  const problems = ['car1 subscribing to cars/data was not refused: it was allowed.'];
  expect(verdictOn({}, {}, { problems }).sentence).toBe(`Fail. ${problems[0]}`);
});

test('Many destinations are named by their number', () => {
  const fleet = fleetWith({ groups: { a: ['a1'], b: ['b1'] }, consumers: ['c1', 'c2', 'c3'] });
  const destinations = new FollowedMessages(fleet, () => 0).counts();
  expect(liveVerdict({ published: 1, destinations, areDuplicatesFaults: true, problems: [] }).sentence).toBe(
    'Pass so far. Each of 2 groups got each message once, and each of 3 consumers got every message.',
  );
});
