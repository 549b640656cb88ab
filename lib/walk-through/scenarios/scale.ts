import type { Bar } from '../events';
import { groupOf, requireGroup } from '../group';
import type { Scenario } from '../scenario';
import type { Worker } from '../worker';

const steps = [1, 2, 4];
/** Milliseconds that each member takes for a message. */
const workTime = 40;
/** Messages of all cars together at each step. */
const messagesOfStep = 24;

/** Members join a group while cars publish. The group does more at the same time. */
export const scale: Scenario = {
  name: 'scale',
  shows: 'a group grows from one member to two and to four: it does more in the same time',
  caption:
    'Each member takes 40 ms per message: with twice the members the group does about twice as much in a second.',
  qos: 1,
  cast(given, { isDeployed }) {
    const own = { topic: given.topic, cars: given.cars, consumers: [] };
    const most = Math.max(...steps);
    const large = Object.entries(given.groups).find(([, members]) => members.length >= most);
    if (large) return { ...own, groups: Object.fromEntries([large]) };
    const [shareName, members] = requireGroup(given, 'scale');
    if (isDeployed) return { ...own, groups: { [shareName]: members } };
    const names = ['A', 'B', 'C', 'D'].map((letter) => `subscriber2${letter}`);
    return { ...own, groups: { group2: names } };
  },
  async play(stage) {
    const { members } = groupOf(stage.fleet);
    const sizes = steps.filter((size) => size <= members.length);
    const isAws = stage.target === 'aws';
    const rates: Bar[] = [];
    const workers: Worker[] = [];
    let mostAtWork = 0;
    const onMessage = () => {
      mostAtWork = Math.max(mostAtWork, workers.filter(({ unacknowledgedCount }) => unacknowledgedCount > 0).length);
    };
    const perStep = sizes.map(() => stage.messages(Math.ceil(messagesOfStep / stage.fleet.cars.length)));
    stage.expect(perStep.reduce((sum, messages) => sum + countOf(messages), 0));
    for (const [step, size] of sizes.entries()) {
      for (const member of members.slice(workers.length, size)) {
        workers.push(await stage.employ(member, { workTime, receiveMaximum: 1, onMessage }));
      }
      if (step === 0) await stage.gather(stage.fleet.cars);
      mostAtWork = 0;
      const name = size === 1 ? '1 member' : `${size} members`;
      stage.step(`The group has ${name}.`);
      const before = new Map(stage.scoreboard.shares.map(({ name, value }) => [name, value]));
      const start = stage.now;
      await stage.publish(perStep[step], 0);
      await stage.arrive();
      rates.push({ name, value: Math.round(countOf(perStep[step]) / ((stage.now - start) / 1000)) });
      const shares = stage.scoreboard.shares
        .slice(0, size)
        .map(({ name, value }) => ({ name, value: value - before.get(name)! }));
      stage.measured(`With ${name}, messages that each got`, '', shares);
      const idle = shares.filter(({ value }) => value === 0).map(({ name }) => name);
      if (idle.length > 0) stage.found(isAws, `With ${name}, ${idle.join(', ')} got no message.`);
    }
    await stage.settle();
    stage.measured('Throughput', 'messages/s', rates);
    const [first, last] = [rates[0], rates.at(-1)!];
    // The rates are shown and not judged: a busy machine slows all members down.
    stage.found(
      isAws || mostAtWork > 1,
      `The group did ${first.value} messages a second with ${first.name}, and ${last.value} with ${last.name}, of which up to ${mostAtWork} worked at the same time.`,
    );
  },
};

function countOf(messages: ReadonlyMap<unknown, readonly string[]>): number {
  return [...messages.values()].reduce((sum, lines) => sum + lines.length, 0);
}
