import { eventually } from './account/eventually';
import { connectorOf } from './connection';
import { furtherCar } from './fleet-change';
import { deployedIn, type Rehearsal, strangerIn } from './rehearsal';

/** Something that somebody does to a deployed fleet past CloudFormation. */
export interface Drift {
  readonly drift: string;
  /** @throws Error if it cannot be done */
  bringAbout(rehearsal: Rehearsal): Promise<unknown>;
}

/** Every kind of drift. Connections come first: a later drift takes their rights. */
export const drifts: readonly Drift[] = [
  {
    drift: 'a connected car',
    async bringAbout(rehearsal) {
      rehearsal.clients.push(await connectorOf(rehearsal).connect(firstCar(rehearsal)));
    },
  },
  {
    drift: 'a connected subscriber with a session that outlives its connection',
    async bringAbout(rehearsal) {
      const [subscriber] = deployedIn(rehearsal).fleet.subscribers;
      const client = await connectorOf(rehearsal).connect(subscriber, subscriber.clientId, { session: 'persistent' });
      rehearsal.clients.push(client);
      await client.subscribe(subscriber.topicFilter, 1);
    },
  },
  {
    drift: 'a retained message',
    bringAbout: (rehearsal) =>
      rehearsal.account.iotData.publish({
        topic: deployedIn(rehearsal).fleet.topic,
        retain: true,
        qos: 1,
        payload: Buffer.from('kept'),
      }),
  },
  {
    drift: "a policy of the fleet on a stranger's certificate",
    bringAbout: (rehearsal) =>
      rehearsal.account.iot.attachPolicy({
        policyName: firstCar(rehearsal).thingName,
        target: strangerIn(rehearsal).certificateArn,
      }),
  },
  {
    drift: "a stranger's certificate on a thing of the fleet",
    bringAbout: (rehearsal) =>
      rehearsal.account.iot.attachThingPrincipal({
        thingName: firstCar(rehearsal).thingName,
        principal: strangerIn(rehearsal).certificateArn,
      }),
  },
  {
    drift: "a stranger's policy on a certificate of the fleet",
    async bringAbout(rehearsal) {
      const { certificateArn } = await certificateOf(rehearsal, deployedIn(rehearsal).fleet.subscribers[0].thingName);
      await rehearsal.account.iot.attachPolicy({ policyName: strangerIn(rehearsal).name, target: certificateArn });
    },
  },
  {
    drift: "a stranger's thing on a certificate of the fleet",
    async bringAbout(rehearsal) {
      const { certificateArn } = await certificateOf(rehearsal, lastSubscriber(rehearsal).thingName);
      const { name: thingName } = strangerIn(rehearsal);
      await rehearsal.account.iot.attachThingPrincipal({ thingName, principal: certificateArn });
    },
  },
  {
    drift: 'further versions of a policy',
    async bringAbout(rehearsal) {
      const { iot } = rehearsal.account;
      const { thingName: policyName } = firstCar(rehearsal);
      const { policyDocument } = await iot.getPolicy({ policyName });
      for (const setAsDefault of [false, true]) {
        await iot.createPolicyVersion({ policyName, policyDocument, setAsDefault });
      }
    },
  },
  {
    drift: 'a certificate that somebody deactivated',
    async bringAbout(rehearsal) {
      const { certificateId } = await certificateOf(rehearsal, lastSubscriber(rehearsal).thingName);
      await rehearsal.account.iot.updateCertificate({ certificateId, newStatus: 'INACTIVE' });
    },
  },
  {
    // Its certificate stays: by its published source, CloudFormation's handler cannot delete an ACTIVE certificate that is gone.
    drift: 'a thing and a policy that are gone already',
    async bringAbout(rehearsal) {
      const { iot, access } = rehearsal.account;
      const { certificateArn } = await certificateOf(rehearsal, furtherCar);
      const remove = (call: () => Promise<unknown>) => eventually(call, access.settleTime);
      await iot.detachThingPrincipal({ thingName: furtherCar, principal: certificateArn });
      await iot.detachPolicy({ policyName: furtherCar, target: certificateArn });
      await remove(() => iot.deletePolicy({ policyName: furtherCar }));
      await remove(() => iot.deleteThing({ thingName: furtherCar }));
    },
  },
];

function firstCar(rehearsal: Rehearsal) {
  return deployedIn(rehearsal).fleet.cars[0];
}

function lastSubscriber(rehearsal: Rehearsal) {
  return deployedIn(rehearsal).fleet.subscribers.at(-1)!;
}

/** A device's own certificate: the first that is attached to its thing and is not a stranger's. */
async function certificateOf(rehearsal: Rehearsal, thingName: string) {
  const { principals = [] } = await rehearsal.account.iot.listThingPrincipals({ thingName });
  const certificateArn = principals.find((arn) => arn !== strangerIn(rehearsal).certificateArn);
  if (certificateArn === undefined) throw new Error(`"${thingName}" has no certificate attached.`);
  return { certificateArn, certificateId: certificateArn.slice(certificateArn.lastIndexOf('/') + 1) };
}
