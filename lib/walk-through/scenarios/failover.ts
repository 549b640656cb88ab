import { groupOf, requireGroup } from '../group';
import type { Scenario } from '../scenario';

/** Messages per car before and after the member fails. */
const messagesBefore = 1;
const messagesAfter = 3;
/** How often one more message is published until the member that fails has got one. */
const mostRounds = 50;

/** A member stops acknowledging and is cut off. The others get what it had not acknowledged. */
export const failover: Scenario = {
  name: 'failover',
  shows: 'a member of a group fails: the others get what it had not acknowledged',
  caption: 'One member stops acknowledging and is cut off: the other members get the messages that it holds.',
  qos: 1,
  cast(given) {
    requireGroup(given, 'failover');
    return given;
  },
  async play(stage) {
    const { shareName, members } = groupOf(stage.fleet);
    const [failing] = members;
    const name = failing.thingName;
    const worker = await stage.employ(failing);
    await stage.gather(stage.fleet.devices.filter((device) => device !== failing));
    await stage.publish(stage.messages(messagesBefore));
    await stage.arrive();

    stage.step(`${name} stops acknowledging.`);
    worker.stall();
    await stage.publish(stage.messages(messagesAfter));
    // What is not acknowledged is known when all else has arrived.
    const allElse = () => stage.arriveBut(() => worker.unacknowledgedCount);
    await allElse();
    for (let round = 0; worker.unacknowledgedCount === 0 && round < mostRounds; round += 1) {
      await stage.publish(stage.oneMore());
      await allElse();
    }
    const held = worker.unacknowledged;
    stage.step(`${name} is cut off. It has not acknowledged ${counted(held.length)}.`);
    worker.cut();
    await stage.arrive();

    const came = stage.scoreboard.receiversOf(held, members);
    const others = came.map(({ name: receiver, value }) => `${receiver} ${value}`).join(', ');
    const again = came.reduce((sum, { value }) => sum + value, 0);
    const told = `${name} had not acknowledged ${counted(held.length)}; ${again} came again${again ? ` (${others})` : ''}.`;
    if (stage.target === 'aws') {
      // AWS does not promise to hand over a message whose receiver goes before its PUBACK.
      stage.excuse(held, told);
    } else {
      stage.found(held.length > 0 && again >= held.length, told);
    }
    await stage.settle();
    if (stage.scoreboard.incomplete === 0) {
      stage.found(true, `No message was lost, and ${shareName} goes on without ${name}.`);
    }
  },
};

function counted(messages: number): string {
  return `${messages} message${messages === 1 ? '' : 's'}`;
}
