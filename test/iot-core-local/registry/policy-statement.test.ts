// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are written so
import type { IotAction } from '../../../lib/iot-core-local/registry/policy-actions';
import { contextOf, documentOf, thing } from '../../support/policy-context';

const topicArn = (name: string) => `arn:aws:iot:us-east-1:123456789012:topic/${name}`;

const plain = contextOf();

/** Whether a single statement decides about publishing on a topic. */
function applies(statement: object, topic: string, context = plain, action: IotAction = 'iot:Publish'): boolean {
  return documentOf(statement).statements[0].applies(action, topicArn(topic), context);
}

test.each([
  ['cars/data', 'cars/data', true],
  ['cars/data', 'cars/data/x', false],
  ['cars/data', 'xcars/data', false],
  ['cars/data', 'Cars/data', false],
  ['*', '', true],
  ['cars/*', 'cars/data/x', true],
  ['cars/*', 'cars/', true],
  ['cars/*', 'cars', false],
  ['*/data', 'cars/1/data', true],
  ['c*/d*a', 'cars/x/data', true],
  ['*', 'two\nlines', true],
  ['cars/?', 'cars/1', true],
  ['cars?data', 'cars/data', true],
  ['cars/?', 'cars/', false],
  ['cars/?', 'cars/12', false],
  ['cars/?', 'cars/🚗', true],
  // What is a wildcard in a topic filter is none here.
  ['cars/+', 'cars/data', false],
  ['cars/+', 'cars/+', true],
  ['cars/#', 'cars/data', false],
  ['cars/#', 'cars/#', true],
  ['#', 'cars', false],
  // What is special in a regular expression is not special here.
  ['cars.data', 'cars/data', false],
  ['(cars|data)', 'cars', false],
  ['[cars]', 'c', false],
  ['$share/group2/cars', '$share/group2/cars', true],
  ['a^b\\c{1}', 'a^b\\c{1}', true],
])('The resource %s matches the topic %s: %s', (pattern, topic, matches) => {
  expect(applies({ Resource: topicArn(pattern) }, topic)).toBe(matches);
});

test('A statement can have several resources', () => {
  const Resource = ['a', 'b'].map(topicArn);
  expect(['a', 'b', 'c'].map((topic) => applies({ Resource }, topic))).toEqual([true, true, false]);
});

test('NotResource matches every other resource', () => {
  const NotResource = ['a', 'b/*'].map(topicArn);
  expect(['a', 'b/x', 'c'].map((topic) => applies({ NotResource }, topic))).toEqual([false, false, true]);
});

test.each([
  ['iot:Publish', true],
  ['iot:publish', true],
  ['iot:*', true],
  ['*', true],
  ['iot:P*', true],
  [['iot:Connect', 'iot:Publish'], true],
  ['iot:Subscribe', false],
  ['iot:Publis', false],
  ['Publish', false],
  ['s3:*', false],
])('The action %j covers iot:Publish: %s', (Action, covers) => {
  expect(applies({ Action, Resource: '*' }, 'cars/data')).toBe(covers);
  expect(applies({ Action: undefined, NotAction: Action, Resource: '*' }, 'cars/data')).toBe(!covers);
});

test('The action iot:Publish does not cover iot:RetainPublish', () => {
  expect(applies({ Resource: '*' }, 'cars/data', plain, 'iot:RetainPublish')).toBe(false);
});

const own = contextOf({ thing: thing('car1', { color: 'red', Empty: '' }) });
const common = (...values: string[]) =>
  contextOf({ clientId: 'client', fakeCertificate: { attributes: { 'subject.commonname': values } } });

test.each([
  ['${iot:ClientId}/data', 'car1/data', own, true],
  ['${iot:ClientId}/data', 'car2/data', own, false],
  ['${IOT:clientID}/data', 'car1/data', own, true],
  ['${iot:ClientId}/*', 'car1/a/b', own, true],
  ['${iot:Connection.Thing.Attributes[color]}', 'red', own, true],
  ['${iot:Connection.Thing.Attributes[Colour]}', 'red', own, false],
  // A variable without a value matches nothing, its literal text included.
  ['${iot:Connection.Thing.ThingName}/data', '/data', plain, false],
  ['${iot:Connection.Thing.ThingName}/data', '${iot:Connection.Thing.ThingName}/data', plain, false],
  ['*${iot:Connection.Thing.ThingName}*', '${iot:Connection.Thing.ThingName}', plain, false],
  ['${iot:Connection.Thing.Attributes[Empty]}', '', own, false],
  ['${iot:Certificate.Subject.CommonName}', 'a', common('a', 'b'), true],
  ['${iot:Certificate.Subject.CommonName.1}', 'b', common('a', 'b'), true],
  ['${iot:Certificate.Subject.CommonName.2}', 'b', common('a', 'b'), false],
  // https://docs.aws.amazon.com/iot/latest/developerguide/cert-policy-variables.html, limitations
  ['${iot:Certificate.Subject.CommonName}', 'a+b', common('a+b'), false],
  ['${iot:Certificate.Subject.CommonName}', 'a*', common('a*'), false],
  ['${iot:Certificate.Subject.CommonName}', 'x'.repeat(1025), common('x'.repeat(1025)), false],
  // A client cannot widen its rights by what it calls itself.
  ['${iot:ClientId}/data', 'car2/data', contextOf({ clientId: '*' }), false],
  ['${iot:ClientId}/data', '*/data', contextOf({ clientId: '*' }), true],
  ['${iot:ClientId}', 'x', contextOf({ clientId: '?' }), false],
  ['${iot:ClientId}', '?', contextOf({ clientId: '?' }), true],
  ['${iot:ClientId}', 'a*', contextOf({ clientId: 'a\u{f0000}' }), false],
  ['${iot:ClientId}', 'a\u{f0000}', contextOf({ clientId: 'a\u{f0000}' }), true],
  ['${iot:ClientId}', 'a:b', contextOf({ clientId: 'a:b' }), true],
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
  ['a${*}', 'a*', plain, true],
  ['a${*}', 'ab', plain, false],
  ['a${?}', 'ab', plain, false],
  ['a${$}', 'a$', plain, true],
])('The policy variable in %s matches %s as it should', (pattern, topic, context, matches) => {
  expect(applies({ Resource: topicArn(pattern) }, topic, context)).toBe(matches);
});

const thingTopic = topicArn('${iot:Connection.Thing.ThingName}/*');

test.each([
  ['An Allow of NotResource', { Effect: 'Allow', NotResource: thingTopic }, false],
  ['A Deny of NotResource', { Effect: 'Deny', NotResource: thingTopic }, true],
  ['An Allow of Resource', { Effect: 'Allow', Resource: thingTopic }, false],
  ['A Deny of Resource', { Effect: 'Deny', Resource: thingTopic }, false],
])('%s with a variable without a value gives no right', (_, statement, expected) => {
  expect(applies(statement, 'cars/data')).toBe(expected);
});

test.each([
  ['iot:Conect', ['AWS IoT policies have no action "iot:Conect". Did you mean "iot:Connect"?']],
  ['iot:Retain*', []],
  ['iot:GetThingShadow', []],
  ['*', []],
  ['s3:GetObject', ['AWS IoT policies have no action "s3:GetObject".']],
])('The action %s has the warning it should', (Action, warnings) => {
  expect(documentOf({ Action, Resource: '*' }).statements[0].warnings).toEqual(warnings);
});
