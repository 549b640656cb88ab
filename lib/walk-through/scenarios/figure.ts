import { grouped } from '../../util/format';
import { type Cast, requireBothSides, type Scenario } from '../scenario';

const figureCars = ['car1', 'car2'];

/** The blog post's figure: two groups side by side, and a consumer. */
export const figure: Scenario = {
  name: 'figure',
  shows: "the blog post's figure: two groups side by side and a consumer, with --cars N cars",
  caption: 'Groups side by side: each message goes to one member of each of them, and to every consumer.',
  cast(given, { isDeployed, cars }) {
    const hasGroups = Object.keys(given.groups).length > 1;
    if (hasGroups) requireBothSides(given);
    if (isDeployed && !hasGroups) {
      throw new Error(
        'The scenario "figure" needs a fleet with two groups. Deploy one: examples/figure.json has the fleet for cdk.json.',
      );
    }
    const fleet = hasGroups
      ? given
      : { ...figureOf(given.topic), cars: given.cars.length > 0 ? given.cars : figureCars };
    return isDeployed || cars === undefined ? fleet : { ...fleet, cars: carNames(cars) };
  },
  async play(stage) {
    const messages = stage.messages();
    await stage.gather();
    await stage.publish(messages);
    await stage.settle();
    const { published, shares } = stage.scoreboard;
    const { groups, consumers } = stage.fleet;
    const deliveries = shares.reduce((sum, { value }) => sum + value, 0);
    const due = published * (groups.size + consumers.length);
    stage.found(
      stage.target === 'aws' ? deliveries >= due : deliveries === due,
      `${grouped(published)} messages made ${grouped(deliveries)} deliveries: one for each of ${groups.size} groups and ${consumers.length} consumer${consumers.length === 1 ? '' : 's'}.`,
    );
  },
};

function figureOf(topic: string): Cast {
  return {
    topic,
    cars: figureCars,
    groups: { group1: ['subscriber1A', 'subscriber1B'], group2: ['subscriber2A', 'subscriber2B'] },
    consumers: ['consumer3'],
  };
}

function carNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `car${index + 1}`);
}
