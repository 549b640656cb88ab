import { groupOf, requireGroup } from '../group';
import type { Scenario } from '../scenario';

/** Milliseconds that the slow subscribers take for a message. */
const workTime = 300;
/** Milliseconds between two messages of the fleet. */
const pace = 40;
const messagesOfCar = 6;

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
    const waiting = new WaitingMessages();
    // With a Receive Maximum of 1 the server knows that the member has no room while it works.
    const slowOne = await stage.employ(slowMember, {
      workTime,
      receiveMaximum: 1,
      onMessage: (message) => waiting.take(message),
      onDone: () => waiting.done(),
    });
    const fastOnes = [];
    for (const member of fastMembers) {
      fastOnes.push(await stage.employ(member, { onMessage: (message) => waiting.leave(message) }));
    }
    const alone = await stage.employ(consumer, { workTime });
    await stage.gather(stage.fleet.cars);
    const messages = stage.messages(messagesOfCar);
    const start = stage.now;
    await stage.publish(messages, pace, (message) => waiting.accept(message));
    await stage.settle();

    const group = Math.max(slowOne.doneAt, ...fastOnes.map(({ doneAt }) => doneAt)) - start;
    const seconds = (milliseconds: number) => Math.max(0, milliseconds) / 1000;
    const ofMembers = stage.scoreboard.shares.filter(({ name }) => name !== consumer.thingName);
    stage.measured(`Messages that the members of ${shareName} got`, '', ofMembers);
    stage.measured('Time for all messages', 's', [
      { name: shareName, value: seconds(group) },
      { name: consumer.thingName, value: seconds(alone.doneAt - start) },
    ]);
    // Shown and not judged: on a busy machine, or with messages that are further apart than the slow member's work, they can be the same.
    stage.found(
      true,
      `${shareName} took ${seconds(group).toFixed(1)} s, and ${consumer.thingName} alone ${seconds(alone.doneAt - start).toFixed(1)} s.`,
    );
    const waited = waiting.count;
    stage.found(
      waited === 0 || stage.target === 'aws',
      waited === 0
        ? `No message waited for ${slowMember.thingName}.`
        : `${waited} message${waited === 1 ? '' : 's'} waited for ${slowMember.thingName} while another member was free.`,
    );
  },
};

/**
 * Counts the messages that wait for the slow member while another one is free.
 *
 * The server chooses a message's member before it acknowledges the message to its car. If the car has this acknowledgement before the slow
 * member is done with an earlier message, the slow member had no room, and the server had to choose another member. That depends on the order of
 * events alone, and not on how long anything takes.
 */
class WaitingMessages {
  count = 0;
  private readonly arrived = new Set<string>();
  /** Those that were acknowledged to their cars and that no member has got. */
  private readonly accepted = new Set<string>();
  /** Those of them that the slow member must not get. */
  private readonly forOthers = new Set<string>();

  /** A message was acknowledged to its car. */
  accept(message: string): void {
    if (!this.arrived.has(message)) this.accepted.add(message);
  }

  /** The slow member is done with a message. */
  done(): void {
    for (const message of this.accepted) this.forOthers.add(message);
  }

  /** The slow member got a message. */
  take(message: string): void {
    if (this.forOthers.has(message)) this.count += 1;
    this.leave(message);
  }

  /** Another member got a message. */
  leave(message: string): void {
    this.arrived.add(message);
    this.accepted.delete(message);
    this.forOthers.delete(message);
  }
}
