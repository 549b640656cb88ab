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
    const busy = new BusyMember();
    // With a Receive Maximum of 1 the server knows that the member has no room while it works.
    const slowOne = await stage.employ(slowMember, {
      workTime,
      receiveMaximum: 1,
      onMessage: (message) => busy.take(message),
    });
    const fastOnes = [];
    for (const member of fastMembers) {
      fastOnes.push(await stage.employ(member, { onMessage: (message) => busy.leave(message) }));
    }
    const alone = await stage.employ(consumer, { workTime });
    await stage.gather(stage.fleet.cars);
    const messages = stage.messages(messagesOfCar);
    const start = stage.now;
    await stage.publish(messages, pace, (message) => {
      if (slowOne.unacknowledgedCount > 0) busy.accept(message);
    });
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
    const { waited } = busy;
    stage.found(
      waited === 0 || stage.target === 'aws',
      waited === 0
        ? `No message waited for ${slowMember.thingName}.`
        : `${waited} message${waited === 1 ? '' : 's'} waited for ${slowMember.thingName} while another member was free.`,
    );
  },
};

/**
 * Counts the messages that wait for the slow member.
 *
 * The server chooses a message's member before it acknowledges the message to its car. If the acknowledgement comes while the slow member
 * works, the server knew that the slow member had no room, and had to choose another one. That holds however long anything takes.
 */
class BusyMember {
  /** How many messages came to the slow member though the server had to choose another one. */
  waited = 0;
  private readonly arrived = new Set<string>();
  /** The messages that another member must get. */
  private readonly forOthers = new Set<string>();

  /** A car's message was acknowledged while the slow member worked. If it has arrived, it was chosen for before. */
  accept(message: string): void {
    if (!this.arrived.has(message)) this.forOthers.add(message);
  }

  /** The slow member got a message. */
  take(message: string): void {
    if (this.forOthers.has(message)) this.waited += 1;
    this.leave(message);
  }

  /** Another member got a message. */
  leave(message: string): void {
    this.arrived.add(message);
    this.forOthers.delete(message);
  }
}
