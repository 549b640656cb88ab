import { isObject } from '../../util/json';
import { IotError } from '../registry/iot-error';
import { type Thing, type ThingPrincipalType, thingPrincipalTypes } from '../registry/thing';
import { onAll, onPrincipal, onPrincipalOfThing, onThing } from './needed-access';
import { fieldsOf, operation, principalOf, text } from './operation';
import { pageByToken } from './pages';

/** https://docs.aws.amazon.com/iot/latest/apireference/API_Operations_AWS_IoT.html */
export const thingOperations = {
  CreateThing: operation('POST /things/{thingName}', onThing, ({ path, body }, { registry }) => {
    const { thingTypeName, attributePayload } = fieldsOf({ body }, 'thingTypeName', 'attributePayload');
    const { attributes } = attributesIn(attributePayload);
    const { thingName, thingArn, thingId } = registry.createThing(path.thingName, {
      thingTypeName: thingTypeName === undefined ? undefined : text(thingTypeName, 'thingTypeName'),
      attributes,
    });
    return { thingName, thingArn, thingId };
  }),

  DescribeThing: operation('GET /things/{thingName}', onThing, ({ path }, { registry }) => {
    const thing = registry.describeThing(path.thingName);
    return { ...summaryOf(thing), thingId: thing.thingId, defaultClientId: thing.thingName };
  }),

  UpdateThing: operation('PATCH /things/{thingName}', onThing, ({ path, body }, { registry }) => {
    const { attributePayload, expectedVersion } = fieldsOf({ body }, 'attributePayload', 'expectedVersion');
    const { attributes, merge } = attributesIn(attributePayload);
    registry.updateThing(path.thingName, { attributes, merge, expectedVersion: versionIn(expectedVersion) });
  }),

  ListThings: operation(
    'GET /things?maxResults&nextToken&attributeName&attributeValue&thingTypeName',
    onAll,
    ({ query }, { registry, faults }) => {
      const { attributeName: name, attributeValue: value, thingTypeName: type } = query;
      const things = registry
        .listThings()
        .filter(({ thingTypeName }) => type === undefined || thingTypeName === type)
        .filter(
          ({ attributes }) =>
            name === undefined || (value === undefined ? Object.hasOwn(attributes, name) : attributes[name] === value),
        );
      return pageByToken('things', things.map(summaryOf), query, faults);
    },
  ),

  DeleteThing: operation('DELETE /things/{thingName}?expectedVersion', onThing, ({ path, query }, { registry }) =>
    registry.deleteThing(path.thingName, { expectedVersion: versionIn(query.expectedVersion) }),
  ),

  AttachThingPrincipal: operation(
    'PUT /things/{thingName}/principals?thingPrincipalType',
    onPrincipalOfThing,
    ({ path, query, headers }, { registry }) => {
      registry.attachThingPrincipal(path.thingName, principalOf({ headers }), typeOf(query.thingPrincipalType));
    },
  ),

  DetachThingPrincipal: operation(
    'DELETE /things/{thingName}/principals',
    onPrincipalOfThing,
    ({ path: { thingName }, headers }, { registry, detachments }) => {
      const principal = principalOf({ headers });
      registry.describeThing(thingName);
      detachments.add(() => registry.detachThingPrincipal(thingName, principal));
    },
  ),

  ListThingPrincipals: operation(
    'GET /things/{thingName}/principals?maxResults&nextToken',
    onThing,
    ({ path, query }, { registry, faults }) => {
      const principals = registry.listThingPrincipals(path.thingName).map(({ principal }) => principal);
      return pageByToken('principals', principals, query, faults);
    },
  ),

  ListThingPrincipalsV2: operation(
    'GET /things/{thingName}/principals-v2?maxResults&nextToken&thingPrincipalType',
    onThing,
    ({ path, query }, { registry, faults }) => {
      const wanted = typeOf(query.thingPrincipalType);
      const objects = registry
        .listThingPrincipals(path.thingName)
        .map(({ principal, type }) => ({ principal, thingPrincipalType: type }))
        .filter(({ thingPrincipalType }) => wanted === undefined || thingPrincipalType === wanted);
      return pageByToken('thingPrincipalObjects', objects, query, faults);
    },
  ),

  ListPrincipalThingsV2: operation(
    'GET /principals/things-v2?maxResults&nextToken&thingPrincipalType',
    onPrincipal,
    ({ query, headers }, { registry, faults }) => {
      const wanted = typeOf(query.thingPrincipalType);
      const objects = registry
        .listPrincipalThings(principalOf({ headers }))
        .map(({ thingName, type }) => ({ thingName, thingPrincipalType: type }))
        .filter(({ thingPrincipalType }) => wanted === undefined || thingPrincipalType === wanted);
      return pageByToken('principalThingObjects', objects, query, faults);
    },
  ),

  ListPrincipalThings: operation(
    'GET /principals/things?maxResults&nextToken',
    onPrincipal,
    ({ query, headers }, { registry, faults }) => {
      return pageByToken('things', registry.thingNamesOf(principalOf({ headers })), query, faults);
    },
  ),
};

function summaryOf({ thingName, thingArn, thingTypeName, attributes, version }: Thing) {
  return { thingName, thingArn, thingTypeName, attributes, version };
}

/**
 * The attributes of a request, and whether they are to be merged with those that the thing has.
 *
 * @see https://docs.aws.amazon.com/iot/latest/apireference/API_AttributePayload.html
 */
function attributesIn(payload: unknown = {}): { attributes?: Record<string, string>; merge?: boolean } {
  const { attributes, merge, ...others } = isObject(payload) ? payload : { payload };
  const isMap = isObject(attributes) && Object.values(attributes).every((value) => typeof value === 'string');
  const isFlag = merge === undefined || typeof merge === 'boolean';
  if ((isMap || attributes === undefined) && isFlag && Object.keys(others).length === 0) {
    return { attributes: attributes as Record<string, string> | undefined, merge: merge as boolean | undefined };
  }
  throw new IotError(
    'InvalidRequestException',
    `"attributePayload" has "attributes", each of them text, and "merge", true or false; it is ${JSON.stringify(payload)}.`,
  );
}

/** The expected version of a request: a number, also as text. */
function versionIn(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (/^\d+$/.test(String(value))) return Number(value);
  throw new IotError('InvalidRequestException', `A version is a number, not ${JSON.stringify(value)}.`);
}

function typeOf(value: string | undefined): ThingPrincipalType | undefined {
  const type = thingPrincipalTypes.find((known) => known === value);
  if (type !== undefined || value === undefined) return type;
  throw new IotError('InvalidRequestException', `A thing is ${thingPrincipalTypes.join(' or ')}, not "${value}".`);
}
