// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation's variables are written like this

import { parseTemplateBody } from '../../../../lib/iot-core-local/cloudformation/template/template-body';

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const deepMessage = /^Template format error: the template has more than 200 levels of lists and objects\.$/;

test.each([
  ['JSON', `{"a":${nested(199)}}`],
  ['YAML', `a: ${nested(199)}\n`],
])('A template body of %s may have 200 levels', async (_, body) => {
  expect(JSON.stringify(await parseTemplateBody(body))).toBe(`{"a":${nested(199)}}`);
});

test.each<[string, string, unknown]>([
  ['JSON', '{"Resources": {"A": 1}}', { Resources: { A: 1 } }],
  ['YAML', 'Resources:\n  A:\n    - x\n    - 1\n    - ~\n', { Resources: { A: ['x', 1, null] } }],
  ['the booleans of YAML 1.1', 'a: yes\nb: off\nc: "yes"\n', { a: true, b: false, c: 'yes' }],
  ['a date as a text', 'Version: 2012-10-17\n', { Version: '2012-10-17' }],
  ['a key as it is written', 'on: 1\n"no": 2\n', { on: 1, no: 2 }],
  ['an anchor without an alias', 'a: &x [1]\n', { a: [1] }],
  ['!Ref', 'a: !Ref Thing\n', { a: { Ref: 'Thing' } }],
  ['!GetAtt', 'a: !GetAtt Thing.Arn\n', { a: { 'Fn::GetAtt': 'Thing.Arn' } }],
  ['!Sub', 'a: !Sub "x/${Thing}"\n', { a: { 'Fn::Sub': 'x/${Thing}' } }],
  ['!Join with a list', 'a: !Join ["-", [b, !Ref C]]\n', { a: { 'Fn::Join': ['-', ['b', { Ref: 'C' }]] } }],
  [
    '!If and !Condition',
    'a: !And [!Condition B, !Not [!Condition C]]\n',
    {
      a: { 'Fn::And': [{ Condition: 'B' }, { 'Fn::Not': [{ Condition: 'C' }] }] },
    },
  ],
  [
    'long numbers in YAML, exactly',
    'a: 9007199254740991\nb: 9007199254740993\nc: -90071992547409931\nd: 0.12345678901234567890\n',
    { a: 9007199254740991, b: '9007199254740993', c: '-90071992547409931', d: 0.12345678901234568 },
  ],
  [
    'long numbers in JSON, exactly',
    '{"a": 9007199254740991, "b": [9007199254740993], "c": -90071992547409931, "d": 0.12345678901234567890, "e": "x\\" 9007199254740993", "f": 1e2}',
    {
      a: 9007199254740991,
      b: ['9007199254740993'],
      c: '-90071992547409931',
      d: 0.12345678901234568,
      e: 'x" 9007199254740993',
      f: 100,
    },
  ],
  [
    'digits after a zero, as octal ones or as a text',
    'a: 012345678901\nb: 012345670123\nc: "012"\nd: 0\n',
    { a: '012345678901', b: 1402433619, c: '012', d: 0 },
  ],
  [
    'tags of what JSON has too',
    'a: !!str 12\nb: !!int "12"\nc: !!map {d: !!seq [!!bool yes]}\n',
    { a: '12', b: 12, c: { d: [true] } },
  ],
  ['one document of YAML with its marks', '%YAML 1.1\n---\na: 1\n...\n', { a: 1 }],
  ['an unknown tag as an unknown function', 'a: !Nope x\n', { a: { 'Fn::Nope': 'x' } }],
])('A template body of %s is read', async (_, body, expected) => {
  expect(await parseTemplateBody(body)).toEqual(expected);
});

test.each([
  ['broken JSON', '{"a": }', /^Template format error: JSON not well-formed\. \(/],
  ['broken YAML', 'a: [1\nb: 2', /^Template format error: YAML not well-formed\. \(line 2, column \d+\)$/],
  ['YAML with a key twice', 'a: {b: 1, b: 2}\n', /^Template format error: YAML not well-formed/],
  ['JSON with a key twice', '{"a": {"b": 1, "b": 2}}', /JSON not well-formed\. \(the key "b" twice in one object\)/],
  ['bytes in YAML', 'a: !!binary aGk=\n', /^The template has the YAML tag !!binary, which is not read\.$/],
  ['pairs in YAML', 'a: !!omap [b: 1]\n', /^The template has the YAML tag !!omap, which is not read\.$/],
  ['an object of Python in YAML', 'a: !!python/none x\n', /^The template has the YAML tag !!python\/none, which/],
  ['a tag with a URI in YAML', 'a: !<tag:a.example,2002:b> x\n', /the YAML tag !<tag:a\.example,2002:b>, which/],
  [
    'two documents of YAML',
    'a: 1\n---\nb: 2\n',
    /^Template format error: YAML not well-formed\. \(line 2, column 1\)$/,
  ],
  ['a long number that is not JSON', '{"a": 009007199254740993}', /^Template format error: JSON not well-formed/],
  ['an alias of nothing', 'a: *x\n', /^Template error: YAML aliases are not allowed/],
  ['an alias', 'a: &x [1]\nb: *x\n', /^Template error: YAML aliases are not allowed in CloudFormation templates$/],
  ['an alias as a key', 'a: &x b\n*x : 1\n', /^Template error: YAML aliases are not allowed/],
  ['a merge', 'a: &x {c: 1}\nb:\n  <<: *x\n', /^Template error: YAML aliases are not allowed/],
  ['JSON that is nested too deeply', `{"a":${nested(9999)}}`, deepMessage],
  ['JSON of 201 levels', `{"a":${nested(200)}}`, deepMessage],
  ['YAML of 201 levels', `a: ${nested(200)}\n`, deepMessage],
  ['YAML that is nested too deeply', '- '.repeat(9999), /^Template format error: /],
  ['an alias of what it is in', 'a: &x\n  b: *x\n', /^Template error: YAML aliases are not allowed/],
])('A template body of %s is refused', async (_, body, message) => {
  await expect(parseTemplateBody(body)).rejects.toMatchObject({
    name: 'TemplateError',
    message: expect.stringMatching(message),
  });
});
