import { requireBothSides, type Scenario } from '../scenario';

/** Each device tries what its policy does not allow. */
export const policies: Scenario = {
  name: 'policies',
  shows: 'what each device must not do, tried and refused, and why',
  caption: 'Each device tries what its policy does not allow: everything must be refused.',
  cast(given) {
    requireBothSides(given);
    return given;
  },
  async play(stage) {
    await stage.gather();
    await stage.tryForbidden(1);
    const reasons = {
      aws: 'AWS IoT Core does not say why it refuses.',
      account: 'The log of npm run local says why.',
      local: '',
    };
    if (reasons[stage.target]) stage.found(true, reasons[stage.target]);
  },
};
