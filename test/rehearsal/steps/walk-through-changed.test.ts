import { writeEndpoint } from '../../../lib/devices/endpoint';
import type { Rehearsal } from '../../../lib/rehearsal/rehearsal';
import { walkThroughChanged } from '../../../lib/rehearsal/steps/walk-through-changed';
import type { WalkThroughProps } from '../../../lib/walk-through/walk-through';
import { temporaryFolder } from '../../support/temporary-folder';

const devicesRoot = temporaryFolder();
const played: WalkThroughProps[] = [];

jest.mock('../../../lib/walk-through/walk-through', () => ({
  WalkThrough: class {
    constructor(props: WalkThroughProps) {
      played.push(props);
    }

    async play() {
      return { result: () => ({}) };
    }
  },
}));

/** The part of a rehearsal that a walk-through needs. */
const rehearsalOn = (target: 'aws' | 'account') =>
  ({
    checkout: { target, devicesRoot },
    deployed: { fleet: { devices: [] } },
  }) as unknown as Rehearsal;

test.each<['aws' | 'account', number | undefined]>([
  ['aws', 600_000],
  ['account', undefined],
])(
  'On the target %s, the walk-through after an update tries a refused right again for %s ms',
  async (target, retryTime) => {
    played.length = 0;
    writeEndpoint('localhost', devicesRoot, target);
    await walkThroughChanged.run(rehearsalOn(target));
    expect(played).toHaveLength(1);
    expect(played[0].pacing?.retryTime).toBe(retryTime);
  },
);
