import { Template } from '../../../../lib/iot-core-local/cloudformation/template/template';
import { TemplateError } from '../../../../lib/iot-core-local/cloudformation/template/template-error';

const thing = (fields: object) => ({ Resources: { A: { Type: 'AWS::IoT::Thing', ...fields } } });
const withSections = (sections: object) => ({ ...thing({}), ...sections });

test.each<[path: string, source: object]>([
  ['/Resources/A', { Resources: { A: null } }],
  ['/Resources/A/Properties/ThingName', thing({ Properties: { ThingName: null } })],
  ['/Resources/A/DependsOn/0', thing({ DependsOn: [null] })],
  ['/Resources/A/Metadata/a', thing({ Metadata: { a: null } })],
  [
    '/Resources/B/Properties/Pattern/a/1',
    { Resources: { B: { Type: 'AWS::S3::Bucket', Properties: { Pattern: { a: ['b', null] } } } } },
  ],
  ['/Parameters/A/Default', withSections({ Parameters: { A: { Type: 'String', Default: null } } })],
  ['/Mappings/A/b/c', withSections({ Mappings: { A: { b: { c: null } } } })],
  ['/Outputs/A/Description', withSections({ Outputs: { A: { Value: 'a', Description: null } } })],
  ['/Conditions', withSections({ Conditions: null })],
])('A null is refused, and the message has its path: %s', (path, source) => {
  expect(() => new Template(source)).toThrow(
    new TemplateError(`Template format error: [${path}] 'null' values are not allowed in templates`),
  );
});

test('Empty texts, lists and objects, 0 and false are taken', () => {
  expect(() => new Template(thing({ Metadata: { a: ['', [], {}, 0, false] } }))).not.toThrow();
});
