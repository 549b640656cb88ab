import { FollowedMessages } from '../../../lib/page/shows/followed-messages';
import { fleetWith } from '../../support/demo-fleet';

const fleet = fleetWith();
const [memberA, memberB, consumer] = fleet.subscribers;
let time = 0;

/** Messages of a fleet whose subscribers are all there. */
function followed(): FollowedMessages {
  time = 0;
  const messages = new FollowedMessages(fleet, () => time);
  for (const device of fleet.subscribers) messages.joined(device);
  return messages;
}

/** What became of the messages of group2 and of consumer3, without zeros. */
function countsOf(messages: FollowedMessages) {
  return messages.counts().map(({ destination, ...counts }) => {
    return [destination.name, Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))];
  });
}

function receive(messages: FollowedMessages, number: number, device = memberA) {
  const arrival = messages.arrived(number, device);
  messages.done(number, device);
  return arrival;
}

test('A message is pending until each destination has done its work for it', () => {
  const messages = followed();
  messages.published(1, 'car1');
  expect(receive(messages, 1)).toEqual({ from: 'car1', isAgain: false });
  expect(countsOf(messages)).toEqual([
    ['group2', { got: 1 }],
    ['consumer3', { pending: 1 }],
  ]);
  receive(messages, 1, consumer);
  expect(countsOf(messages)[1]).toEqual(['consumer3', { got: 1 }]);
});

test('A message that a killed member has not acknowledged comes again from it, and is not a fault', () => {
  const messages = followed();
  messages.published(1, 'car1');
  messages.arrived(1, memberA);
  messages.gone(memberA, false);
  expect(receive(messages, 1, memberB)).toEqual({ from: 'subscriber2A', isAgain: true });
  expect(countsOf(messages)[0]).toEqual(['group2', { got: 1 }]);
});

test('A message that two members acknowledge is repeated, unless the first was killed meanwhile', () => {
  const messages = followed();
  messages.published(1, 'car1');
  receive(messages, 1, memberA);
  receive(messages, 1, memberB);
  expect(countsOf(messages)[0]).toEqual(['group2', { got: 1, repeated: 1 }]);
  messages.published(2, 'car1');
  receive(messages, 2, memberA);
  messages.gone(memberA, false);
  receive(messages, 2, memberB);
  expect(countsOf(messages)[0]).toEqual(['group2', { got: 2, repeated: 1 }]);
});

test('A message that comes before a member is seen to have joined counts when it is acknowledged', () => {
  const messages = followed();
  messages.gone(memberA, false);
  messages.published(1, 'car1');
  messages.arrived(1, memberA);
  messages.joined(memberA);
  messages.done(1, memberA);
  expect(countsOf(messages)[0]).toEqual(['group2', { got: 1 }]);
});

test('A message is not due to a consumer that is away, nor to a group of which nobody is there', () => {
  const messages = followed();
  messages.gone(consumer, false);
  messages.gone(memberA, false);
  messages.published(1, 'car1');
  expect(countsOf(messages)).toEqual([
    ['group2', { pending: 1 }],
    ['consumer3', { away: 1 }],
  ]);
  messages.gone(memberB, false);
  expect(countsOf(messages)[0]).toEqual(['group2', { away: 1 }]);
  messages.joined(consumer);
  messages.published(2, 'car1');
  expect(countsOf(messages)[1]).toEqual(['consumer3', { away: 1, pending: 1 }]);
});

test('A message is missed after ten seconds in which its destination got nothing', () => {
  const messages = followed();
  messages.published(1, 'car1');
  messages.published(2, 'car1');
  time = 9_000;
  receive(messages, 2);
  time = 18_000;
  messages.giveUp();
  expect(countsOf(messages)).toEqual([
    ['group2', { got: 1, pending: 1 }],
    ['consumer3', { missed: 2 }],
  ]);
  time = 19_000;
  messages.giveUp();
  expect(countsOf(messages)[0]).toEqual(['group2', { got: 1, missed: 1 }]);
});

test('A message that was on its way to a connection that was cut may be lost where the protocol allows it', () => {
  const messages = followed();
  messages.published(1, 'car1');
  messages.gone(memberA, true);
  messages.published(2, 'car1');
  time = 10_000;
  messages.giveUp();
  expect(countsOf(messages)[0]).toEqual(['group2', { cut: 1, missed: 1 }]);
});

test('A message that nobody published, or that a device should not get, is no arrival', () => {
  const messages = followed();
  expect(messages.arrived(7, memberA)).toBeUndefined();
  messages.published(1, 'car1');
  expect(messages.arrived(1, fleet.cars[0])).toBeUndefined();
});

test('At most 5,000 messages are followed, and the oldest that is pending then counts as missed', () => {
  const messages = followed();
  for (let number = 1; number <= 5_002; number += 1) messages.published(number, 'car1');
  expect(countsOf(messages)[0]).toEqual(['group2', { pending: 5_000, missed: 2 }]);
  expect(messages.arrived(2, memberA)).toBeUndefined();
  expect(messages.arrived(3, memberA)).toBeDefined();
});
