import { groupOf, requireGroup } from '../group';
import type { Scenario } from '../scenario';

/** Messages per car while the members are there, and while they are away. */
const messagesBefore = 1;
const messagesAway = 12;

/** All members of a group leave. Messages wait for the one with a persistent session. */
export const offline: Scenario = {
  name: 'offline',
  shows: 'all members of a group are away: QoS 1 messages wait for one with a persistent session',
  caption:
    'Nobody of the group is there, so its messages wait; they come when a member with a persistent session is back.',
  qos: 1,
  cast(given) {
    const [shareName, members] = requireGroup(given, 'offline');
    return { ...given, groups: { [shareName]: members } };
  },
  async play(stage) {
    const { shareName, members } = groupOf(stage.fleet);
    const [returning, ...others] = members;
    const name = returning.thingName;
    await stage.gather();
    await stage.publish(stage.messages(messagesBefore));
    await stage.arrive();
    try {
      await stage.leave(returning);
      await stage.connectPersistently(returning);
      await stage.subscribe(returning);
      for (const device of [...others, returning]) await stage.leave(device);
      stage.step(`All members of ${shareName} are away; ${name} has a persistent session.`);
      const before = shareOf(name);
      await stage.publish(stage.messages(messagesAway));
      const waiting = stage.scoreboard.unfinished.length;
      stage.step(`${name} returns. ${waiting} messages wait for ${shareName}.`);
      const start = stage.now;
      await stage.connectPersistently(returning);
      await stage.arrive();
      const came = shareOf(name) - before;
      const seconds = Math.max(0, stage.now - start) / 1000;
      stage.found(
        waiting > 0 && came >= waiting,
        `${came} of ${waiting} messages that waited came to ${name} when it returned, in ${seconds.toFixed(1)} s: AWS sends at most 20 a second to a member.`,
      );
      await stage.settle();
    } finally {
      await stage.endSession(returning);
    }
    stage.found(true, `A clean connection ended the session of ${name}.`);

    function shareOf(thingName: string): number {
      return stage.scoreboard.shares.find((share) => share.name === thingName)?.value ?? 0;
    }
  },
};
