import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { seededRandom } from '../testing/seeded-random.ts'
import { ValueMaker } from '../testing/wire-values.ts'
import { readCatalogue } from './catalogue.ts'
import { decodeCborStructure, readCbor } from './cbor-read.ts'
import { encodeCbor } from './cbor-write.ts'
import { Decoding } from './decoding.ts'
import { parsePairs } from './form.ts'
import { decodeJsonStructure, parseJson } from './json-decode.ts'
import { encodeJson } from './json-encode.ts'
import { Malformed } from './malformed.ts'
import { ServiceModel, type RawModel } from './model.ts'
import { decodeQuery } from './query-decode.ts'
import type { Fields, StructureShape } from './shape.ts'
import { decodeXmlStructure } from './xml-decode.ts'
import { escapeXml, membersXml } from './xml-encode.ts'
import { parseXml } from './xml-parse.ts'

/** A model of its own, written in the form that `models/README.md` tells for models written by hand. */
const raw: RawModel = {
  id: 'sample',
  serviceId: 'Sample',
  apiVersion: '2026-11-22',
  namespace: 'com.example.sample',
  signingName: 'sample',
  target: 'Sample',
  protocols: ['awsJson1_1'],
  operations: { Do: ['Everything', 'unit'] },
  errors: { Broken: 'Broken' },
  shapes: [
    [
      's',
      'Everything',
      0,
      [
        'Text',
        'Number',
        'Double',
        'Flag',
        'Bytes',
        'Time',
        'Free',
        'Names',
        'Flat',
        'Map',
        'Inner',
      ],
      [
        'string',
        'number',
        ['number', { double: 1 }],
        'boolean',
        'blob',
        'timestamp',
        'document',
        'Names',
        ['Names', { xmlFlattened: 1, xmlName: 'FlatName' }],
        'Map',
        'Everything',
      ],
      1,
    ],
    ['l', 'Names', 0, 'string'],
    ['m', 'Map', 0, 'string', 'number'],
    ['e', 'Broken', { error: 'client', httpError: 418 }, ['message'], ['string']],
  ],
}
const model = new ServiceModel(raw)
const everything = model.operation('Do')!.input

/** Control characters and lone surrogates have no place in XML. */
const text = fc.string({ unit: 'grapheme' })
const key = fc.string({ minLength: 1, unit: 'grapheme' })
const fields: fc.Arbitrary<Fields> = fc.letrec<{ fields: Fields }>((tie) => ({
  fields: fc.record(
    {
      Text: text,
      Number: fc.integer(),
      Double: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      Flag: fc.boolean(),
      Bytes: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      Time: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-01-01') }),
      Names: fc.array(text),
      Flat: fc.array(text, { minLength: 1 }),
      Map: fc.dictionary(key, fc.integer()),
      Inner: fc.option(tie('fields'), { nil: undefined, depthSize: 'small' }),
    },
    { requiredKeys: ['Text'] },
  ),
})).fields

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (value instanceof Date) return value.toISOString()
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([name, item]): [string, unknown] => [name, plain(item)])
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

const codecs: Readonly<Record<string, (shape: StructureShape, value: Fields) => Fields>> = {
  JSON: (shape, value) =>
    decodeJsonStructure(
      shape,
      parseJson(encodeJson(shape, value, 'names')),
      'names',
      new Decoding(),
    ),
  CBOR: (shape, value) =>
    decodeCborStructure(shape, readCbor(encodeCbor(shape, value), new Decoding()), new Decoding()),
  XML: (shape, value) =>
    decodeXmlStructure(shape, parseXml(`<a>${membersXml(shape, value)}</a>`), new Decoding()),
}

for (const [name, through] of Object.entries(codecs)) {
  test(`what is written in ${name} is read as it was`, () => {
    fc.assert(
      fc.property(fields, (value) => {
        assert.deepEqual(plain(through(everything, value)), plain(value))
      }),
    )
  })
}

test('values of real models survive JSON, CBOR and XML', () => {
  const catalogue = readCatalogue()
  for (const id of ['codedeploy', 'autoscaling']) {
    const real = catalogue.load(id)
    const values = new ValueMaker(real.head, seededRandom(7))
    for (const name of real.operationNames) {
      const { output } = real.operation(name)!
      const value = values.structure(output)
      for (const through of Object.values(codecs)) {
        assert.deepEqual(plain(through(output, value)), plain(value), name)
      }
    }
  }
})

test('a floating number is told from a whole one in JSON', () => {
  assert.equal(
    encodeJson(everything, { Double: 80, Number: 80, Inner: { Double: 0.5 } }, 'names'),
    '{"Number":80,"Double":80.0,"Inner":{"Double":0.5}}',
  )
})

test('text that XML cannot hold does not break a reply', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (any) => {
      const element = parseXml(`<a>${escapeXml(any)}</a>`)
      assert.equal(element.text.length, any.length)
    }),
  )
})

test('forms nest, number and close gaps', () => {
  const decode = (form: string, dialect: 'awsQuery' | 'ec2Query'): unknown =>
    plain(decodeQuery(everything, parsePairs(form), dialect, new Decoding()))
  const wanted = plain({ Text: 'a b', Names: ['x', 'y'], Inner: { Flag: true } })
  const names = 'Names.member.10=y&Names.member.2=x'
  assert.deepEqual(decode(`Text=a+b&${names}&Inner.Flag=true`, 'awsQuery'), wanted)
  assert.deepEqual(decode('Text=a%20b&Names.2=x&Names.10=y&Inner.Flag=true', 'ec2Query'), wanted)
  assert.deepEqual(decode('FlatName.1=p&FlatName.2=q', 'awsQuery'), plain({ Flat: ['p', 'q'] }))
  const entry = 'Map.entry.1.key=k&Map.entry.1.value=5'
  assert.deepEqual(decode(entry, 'awsQuery'), plain({ Map: { k: 5 } }))
  assert.deepEqual(decode('Names=', 'awsQuery'), plain({ Names: [] }))
})

test('a timestamp is read in every format that clients send', () => {
  const expected = new Date('2026-11-22T10:00:00Z')
  for (const value of [
    1795341600,
    '1795341600',
    '2026-11-22T10:00:00Z',
    '2026-11-22T12:00:00+02:00',
    'Sun, 22 Nov 2026 10:00:00 GMT',
  ]) {
    assert.deepEqual(decodeJsonStructure(everything, { Time: value }, 'names', new Decoding()), {
      Time: expected,
    })
  }
  for (const value of ['yesterday', {}, true, 1e300]) {
    assert.throws(
      () => decodeJsonStructure(everything, { Time: value }, 'names', new Decoding()),
      Malformed,
    )
  }
})

test('what is not XML is refused, and ends', () => {
  for (const xml of [
    '',
    'a',
    '<a>',
    '</a>',
    '<a></b>',
    '<a/><b/>',
    '<a',
    '<a b="',
    '<!DOCTYPE a>',
    '<a>&lol;</a>',
    '<1/>',
    '<a><![CDATA[</a>',
    '<a><!-- </a>',
  ]) {
    assert.throws(() => parseXml(xml), Malformed, xml)
  }
  const parsed = parseXml(
    '\ufeff<?xml version="1.0"?><x:a k="1>2"><!-- c --><b>1<![CDATA[<2>]]></b></x:a>',
  )
  assert.equal(parsed.name, 'a')
  assert.equal(parsed.attributes.get('k'), '1>2')
  assert.equal(parsed.children[0]?.text, '1<2>')
})
