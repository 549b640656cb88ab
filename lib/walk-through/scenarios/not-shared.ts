import { grouped } from '../../util/format';
import { type Cast, requireBothSides, type Scenario } from '../scenario';

/** The same subscribers without groups: each of them gets every message. */
export const notShared: Scenario = {
  name: 'not-shared',
  shows: 'the same subscribers without a group: every one of them gets every message',
  caption: 'Every message goes to every subscriber: all of them do the whole work.',
  cast(given, { isDeployed }) {
    requireBothSides(given);
    if (Object.keys(given.groups).length === 0) return given;
    if (isDeployed) {
      throw new Error(
        'The scenario "not-shared" needs a fleet without groups. Deploy one: examples/not-shared.json has the fleet for cdk.json.',
      );
    }
    return withoutGroups(given);
  },
  async play(stage) {
    const messages = stage.messages();
    await stage.gather();
    await stage.publish(messages);
    await stage.settle();
    const { published, shares } = stage.scoreboard;
    const deliveries = shares.reduce((sum, { value }) => sum + value, 0);
    const isWhole = shares.every(({ value }) => value >= published);
    stage.found(
      isWhole && shares.length > 1,
      `${grouped(published)} messages made ${grouped(deliveries)} deliveries: each of ${shares.length} subscribers ${isWhole ? 'got all of them' : 'should get all of them'}.`,
    );
  },
};

function withoutGroups({ topic, cars, groups, consumers }: Cast): Cast {
  return { topic, cars, groups: {}, consumers: [...Object.values(groups).flat(), ...consumers] };
}
