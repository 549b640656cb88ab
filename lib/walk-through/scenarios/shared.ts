import { requireBothSides, type Scenario } from '../scenario';

/** The walk-through of the blog post: groups and consumers subscribe, cars publish. Then the forbidden attempts are made. */
export const shared: Scenario = {
  name: 'shared',
  shows: "the blog post's fleet: each message goes to one member of a group, and to every consumer",
  caption: 'Each message goes to one member of each group, and to every consumer.',
  cast(given) {
    requireBothSides(given);
    return given;
  },
  async play(stage) {
    const messages = stage.messages();
    await stage.gather();
    await stage.publish(messages);
    await stage.settle();
    await stage.tryForbidden();
  },
};
