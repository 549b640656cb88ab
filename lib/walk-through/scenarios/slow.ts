import { groupOf, requireGroup } from '../group';
import type { Scenario } from '../scenario';

/** Milliseconds that the slow subscribers take for a message. */
const workTime = 300;
/** Milliseconds between two messages of the fleet. */
const pace = 40;
const messagesOfCar = 6;
/** How many later messages may arrive before an earlier one, as two connections have no common order. */
const tolerance = 3;

/** One member of a group is slow. The others take its share, and nothing waits for it. */
export const slow: Scenario = {
  name: 'slow',
  shows: 'a slow member of a group holds up nothing: the others take its share',
  caption: 'One member and the consumer take 300 ms per message: the group is done long before the consumer.',
  mqtt: 5,
  qos: 1,
  cast(given) {
    const [shareName, members] = requireGroup(given, 'slow');
    if (given.consumers.length === 0) {
      throw new Error('The scenario "slow" compares a group with a consumer; the fleet has no consumer.');
    }
    return { ...given, groups: { [shareName]: members }, consumers: given.consumers.slice(0, 1) };
  },
  async play(stage) {
    const { shareName, members } = groupOf(stage.fleet);
    const [slowMember, ...fastMembers] = members;
    const [consumer] = stage.fleet.consumers;
    const order: number[] = [];
    const onMessage = (message: string) => order.push(stage.scoreboard.placeOf(message));
    // With a Receive Maximum of 1 the server knows that the member has no room while it works.
    const slowOne = await stage.employ(slowMember, { workTime, receiveMaximum: 1, onMessage });
    const fastOnes = [];
    for (const member of fastMembers) fastOnes.push(await stage.employ(member, { onMessage }));
    const alone = await stage.employ(consumer, { workTime });
    await stage.gather(stage.fleet.cars);
    const messages = stage.messages(messagesOfCar);
    const start = stage.now;
    await stage.publish(messages, pace);
    await stage.settle();

    const group = Math.max(slowOne.doneAt, ...fastOnes.map(({ doneAt }) => doneAt)) - start;
    const seconds = (milliseconds: number) => Math.max(0, milliseconds) / 1000;
    const ofMembers = stage.scoreboard.shares.filter(({ name }) => name !== consumer.thingName);
    stage.measured(`Messages that the members of ${shareName} got`, '', ofMembers);
    stage.measured('Time for all messages', 's', [
      { name: shareName, value: seconds(group) },
      { name: consumer.thingName, value: seconds(alone.doneAt - start) },
    ]);
    const isFaster = group < alone.doneAt - start;
    const waited = overtaken(order);
    const isAws = stage.target === 'aws';
    stage.found(
      isFaster || isAws,
      `${shareName} took ${seconds(group).toFixed(1)} s, and ${consumer.thingName} alone ${seconds(alone.doneAt - start).toFixed(1)} s.`,
    );
    stage.found(
      waited === 0 || isAws,
      waited === 0
        ? `No message waited for ${slowMember.thingName}.`
        : `${waited} message${waited === 1 ? '' : 's'} waited for ${slowMember.thingName} while another member was free.`,
    );
  },
};

/**
 * How many messages came when more than a few later ones were there already.
 *
 * @param order - the messages' places in the order of publication, as they came
 */
function overtaken(order: readonly number[]): number {
  return order.filter((number, index) => {
    return order.slice(0, index).filter((earlier) => earlier > number).length > tolerance;
  }).length;
}
