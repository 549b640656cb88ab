import type { LocalIotCoreOptions } from '../../lib/iot-core-local/local-iot-core';
import { hooksOf, type Lifetime, madeBy } from './hooks';
import { IotCoreFixture, type Right, type TestDevice } from './iot-core-fixture';
import { holdTime } from './time';

interface UseIotCoreOptions extends LocalIotCoreOptions, Lifetime {
  /** Whether time stands still for IoT Core Local until a test calls `wait()`. @default false */
  readonly holdsTime?: boolean;
}

/**
 * IoT Core Local for the tests of a file, or of a `describe` block: started before them, stopped after them.
 *
 * The clients that a test opened are closed when it is over, those that `beforeAll` opened with the last test.
 */
export function useIotCore({ forEachTest, holdsTime, ...options }: UseIotCoreOptions = {}): IotCoreFixture {
  const fixture = new IotCoreFixture(options);
  const [before, after] = hooksOf({ forEachTest });
  before(async () => {
    if (holdsTime) holdTime();
    await fixture.start();
  });
  let clients = 0;
  beforeEach(() => {
    clients = fixture.clientCount;
  });
  afterEach(() => fixture.closeClients(clients));
  after(async () => {
    await fixture.stop();
    if (holdsTime) jest.useRealTimers();
  });
  return fixture;
}

/** A device that IoT Core Local knows during all these tests. @param rights - by default every right */
export function useDevice(fixture: IotCoreFixture, thingName: string, rights?: readonly Right[]): TestDevice {
  return madeBy(beforeAll, () => fixture.device(thingName, rights));
}
