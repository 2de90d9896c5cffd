import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { Readable } from 'node:stream'
import { AwsError } from '../kernel/errors.ts'
import { silentLog } from '../kernel/ports.ts'
import { systemClock } from '../kernel/system/clock.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { officialClient, oracleKey, type OfficialClient } from '../testing/wire-client.ts'
import { ValueMaker } from '../testing/wire-values.ts'
import { collected } from './incoming-body.ts'
import { createWire } from './create-wire.ts'
import { readCatalogue } from './catalogue.ts'
import type { ModelHead, OperationModel, ServiceModel } from './model.ts'
import type { AcceptTree, BoundOperation, Protocol, Service } from './service.ts'
import { hasEventStream, type Fields, type StructureShape } from './shape.ts'

/**
 * The unmodified official clients are the judges: for every operation of every model, in every protocol, what the client sends must
 * arrive as the input that it was given, and what the operation answers must come out of the client; every modelled error must be thrown
 * by the client as its own class.
 */

/** Differences that are known, by what they are known from. Each must still be there: one that has gone is taken out of the list. */
const known: Readonly<Record<string, readonly string[]>> = {
  'two shapes share the code ResourceNotFound, in AWS as well': [
    'cloudwatch awsJson1_0 DashboardNotFoundError',
    'cloudwatch awsQuery DashboardNotFoundError',
    'cloudwatch rpcv2Cbor DashboardNotFoundError',
  ],
  'an EndpointId makes the client sign with SigV4A, which needs a package that is not installed': [
    'events awsJson1_1 PutEvents',
  ],
  'the client adds a member of its own to the input or output': [
    's3 restXml GetObject',
    's3 restXml GetObjectAnnotation',
    's3 restXml HeadObject',
    's3 restXml PutObject',
    's3 restXml PutObjectAnnotation',
    's3 restXml UploadPart',
  ],
  'the route is a part of the host name, for Object Lambda alone': [
    's3 restXml WriteGetObjectResponse',
  ],
  'the client checks the MD5 of the message, which made-up values do not have': [
    'sqs awsJson1_0 SendMessage',
    'sqs awsQuery SendMessage',
  ],
  'two members share the query name AttributeName': ['sqs awsQuery ReceiveMessage'],
  'the npm client is from 2024 and lacks members and operations of the model': [
    'fis restJson1 CreateExperimentTemplate',
    'fis restJson1 CreateTargetAccountConfiguration',
    'fis restJson1 DeleteExperimentTemplate',
    'fis restJson1 DeleteTargetAccountConfiguration',
    'fis restJson1 GetExperiment',
    'fis restJson1 GetExperimentTargetAccountConfiguration',
    'fis restJson1 GetExperimentTemplate',
    'fis restJson1 GetSafetyLever',
    'fis restJson1 GetTargetAccountConfiguration',
    'fis restJson1 ListExperimentResolvedTargets',
    'fis restJson1 ListExperimentTargetAccountConfigurations',
    'fis restJson1 ListExperimentTemplates',
    'fis restJson1 ListExperiments',
    'fis restJson1 ListTargetAccountConfigurations',
    'fis restJson1 StartExperiment',
    'fis restJson1 StopExperiment',
    'fis restJson1 UpdateExperimentTemplate',
    'fis restJson1 UpdateSafetyLeverState',
    'fis restJson1 UpdateTargetAccountConfiguration',
  ],
}

const catalogue = readCatalogue()
const accepting: AcceptTree = new Proxy(
  {},
  {
    getOwnPropertyDescriptor: () => ({ value: true, enumerable: true, configurable: true }),
    get: () => true,
  },
)

/** What the next operation does, and what it was given. */
const stage: { answer: Fields; error: AwsError | undefined; input: unknown } = {
  answer: {},
  error: undefined,
  input: undefined,
}

const operation: BoundOperation = {
  accepts: accepting,
  async handle(input: unknown) {
    stage.input = await withoutStreams(input as Fields)
    if (stage.error) throw stage.error
    return stage.answer
  },
}

function everything(model: ServiceModel): Service {
  return {
    id: model.head.id,
    operations: new Map(model.operationNames.map((name) => [name, operation])),
    refuseMember: (path) => new Error(`refused ${path}`),
  }
}

const wire = createWire({
  services: catalogue.heads.map(({ id }) => everything(catalogue.load(id))),
  authentication: 'on',
  credentials: {
    find: async (accessKeyId) => ({
      secretAccessKey: oracleKey.secretAccessKey,
      principal: { arn: 'arn', account: '000000000000', userId: 'user', accessKeyId },
    }),
  },
  clock: systemClock,
  random: seededRandom(1),
  log: silentLog,
  defaults: { account: '000000000000', region: 'us-east-1' },
})

const differences = new Map<string, string>()
const tally = { equal: 0, errors: 0, eventStreams: 0 }

for (const head of catalogue.heads) {
  const client =
    head.package?.match(/^@aws-sdk\/client-(.*)@/)?.[1] ?? (head.id === 'fis' ? 'fis' : undefined)
  if (client === undefined) continue
  for (const protocol of head.protocols) {
    test(`${head.id} over ${protocol}: every operation and error is what the official client says`, async () => {
      const official = officialClient({
        client,
        exchange: (request) => wire.exchange(request),
        ...(protocol === head.protocols[0] ? {} : override(head, protocol)),
      })
      const model = catalogue.load(head.id)
      await compareOperations(model, protocol, official)
      await compareErrors(model, protocol, official)
      official.destroy()
    })
  }
}

after(() => {
  const expected = new Set(Object.values(known).flat())
  const unexpected = [...differences].filter(([at]) => !expected.has(at))
  assert.deepEqual(unexpected, [])
  assert.deepEqual(
    [...expected].filter((at) => !differences.has(at)),
    [],
    'no longer different',
  )
  assert.ok(tally.equal > 2800 && tally.errors > 1450, JSON.stringify(tally))
  assert.equal(tally.eventStreams, 3)
})

function override(
  head: ModelHead,
  protocol: Protocol,
): { protocol: 'awsQuery' | 'rpcv2Cbor' | 'awsJson1_0'; protocolSettings: object } {
  assert.ok(protocol === 'awsQuery' || protocol === 'rpcv2Cbor' || protocol === 'awsJson1_0')
  return {
    protocol,
    protocolSettings: { xmlNamespace: head.xmlNamespace, version: head.apiVersion },
  }
}

async function compareOperations(
  model: ServiceModel,
  protocol: Protocol,
  official: OfficialClient,
): Promise<void> {
  for (const name of model.operationNames) {
    const modelled = model.operation(name)!
    if (hasEventStream(modelled.input) || hasEventStream(modelled.output)) {
      tally.eventStreams += 1
      continue
    }
    const at = `${model.head.id} ${protocol} ${name}`
    const difference = await compareOperation(model, modelled, official)
    if (difference === undefined) tally.equal += 1
    else differences.set(at, difference)
  }
}

async function compareOperation(
  model: ServiceModel,
  modelled: OperationModel,
  official: OfficialClient,
): Promise<string | undefined> {
  const values = new ValueMaker(model.head, seededRandom(modelled.name.length * 7919 + 1))
  const input = values.structure(modelled.input)
  stage.answer = values.structure(modelled.output)
  stage.error = undefined
  stage.input = undefined
  const sent = comparable(input)
  const answered = comparable(stage.answer)
  try {
    const output = await official.send(modelled.name, input)
    await readStreams(modelled.output, output)
    return (
      firstDifference(sent, comparable(stage.input), 'input') ??
      firstDifference(answered, comparable(output), 'output')
    )
  } catch (thrown) {
    return `threw ${String(thrown)}`
  }
}

/** Through one operation that needs nothing in its path and does not stream. */
async function compareErrors(
  model: ServiceModel,
  protocol: Protocol,
  official: OfficialClient,
): Promise<void> {
  const carrier = model.operationNames
    .map((name) => model.operation(name)!)
    .find(
      ({ input, output }) =>
        !input.members.some(({ traits }) => traits.httpLabel) &&
        !output.members.some(({ shape }) => shape.traits.streaming) &&
        !hasEventStream(input),
    )!
  for (const name of model.errorNames) {
    const difference = await compareError(model, name, { carrier, official })
    if (difference === undefined) tally.errors += 1
    else differences.set(`${model.head.id} ${protocol} ${name}`, difference)
  }
}

async function compareError(
  model: ServiceModel,
  name: string,
  way: { carrier: OperationModel; official: OfficialClient },
): Promise<string | undefined> {
  const shape = model.error(name)!
  const values = new ValueMaker(model.head, seededRandom(name.length))
  const fields = values.structure(shape)
  for (const member of shape.members) {
    if (/^message$/i.test(member.name) || member.traits.httpHeader) delete fields[member.name]
  }
  stage.error = new AwsError(name, 'the message <&>', { fields })
  try {
    await way.official.send(way.carrier.name, values.structure(way.carrier.input))
    return 'did not throw'
  } catch (thrown) {
    const error = thrown as Error & Fields
    if (error.name !== name) return `threw ${error.name}: ${error.message}`
    if (error.message !== 'the message <&>') return `says ${error.message}`
    const back = Object.fromEntries(Object.keys(fields).map((key) => [key, error[key]]))
    return firstDifference(comparable(fields), comparable(back), 'error')
  }
}

async function withoutStreams(input: Fields): Promise<Fields> {
  const read: Fields = {}
  for (const [name, value] of Object.entries(input)) {
    read[name] = value instanceof Readable ? await collected(value, 1000) : value
  }
  return read
}

async function readStreams(shape: StructureShape, output: Fields): Promise<void> {
  for (const { name, shape: inner } of shape.members) {
    const value = output[name] as { transformToByteArray?: () => Promise<Uint8Array> } | undefined
    if (inner.kind === 'blob' && value?.transformToByteArray) {
      output[name] = await value.transformToByteArray()
    }
  }
}

/** Absent members left out, dates and bytes as text, members in order. */
function comparable(value: unknown): unknown {
  if (value === null || value === undefined) return undefined
  if (value instanceof Date) return `date ${value.getTime()}`
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`
  if (Array.isArray(value)) return value.map((item) => comparable(item))
  if (value instanceof String) return value.toString()
  if (typeof value !== 'object') return value
  const members: Fields = {}
  for (const [name, item] of Object.entries(value)) {
    if (name !== '$metadata' && item !== null && item !== undefined)
      members[name] = comparable(item)
  }
  return members
}

function firstDifference(wanted: unknown, got: unknown, path: string): string | undefined {
  if (isDeepStrictEqual(wanted, got)) return undefined
  if (isFields(wanted) && isFields(got)) {
    for (const name of new Set([...Object.keys(wanted), ...Object.keys(got)])) {
      const difference = firstDifference(wanted[name], got[name], `${path}.${name}`)
      if (difference !== undefined) return difference
    }
  }
  return `${path}: wanted ${JSON.stringify(wanted)?.slice(0, 60)}, got ${JSON.stringify(got)?.slice(0, 60)}`
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}
