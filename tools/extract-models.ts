/**
 * Draws the compact models in `src/wire/models` from the runtime schemas of the official `@aws-sdk/client-*` packages.
 * Run `node tools/extract-models.ts` after a client's version changed; the drift test compares the result with what is committed.
 * The form of the files is told in `src/wire/models/README.md`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { modelSources, type ModelSource } from './model-services.ts'

const require = createRequire(import.meta.url)
const doubles = JSON.parse(
  readFileSync(new URL('./doubles.json', import.meta.url), 'utf8'),
) as Record<string, readonly string[]>

const modelsFolder = new URL('../src/wire/models/', import.meta.url)

/** A runtime schema: `[kind, namespace, name, traits, …]`, a simple type's number, `[schema, traits]`, or a function that gives one. */
type Schema = number | string | readonly unknown[] | (() => Schema)
type Traits = Readonly<Record<string, unknown>> | number
export type ModelReference = number | readonly [number, Traits]
export type Model = Record<string, unknown> & { readonly id: string }

interface ClientConfiguration {
  readonly serviceId: string
  readonly apiVersion: string
  readonly protocol: { getShapeId(): string }
  readonly protocolSettings: Readonly<Record<string, unknown>>
  httpAuthSchemeProvider(
    parameters: object,
  ): readonly { signingProperties?: Readonly<Record<string, unknown>> }[]
}

const structureKind = 3
const errorKind = -3
const unionKind = 4
const operationKind = 9
/** References from here on are indices of `shapes`; those below are the schemas' own numbers of simple types. */
const firstShape = 1000
const unit = -1

/** The model of one service, ready to be written as JSON. */
export function extractModel(id: string, source: ModelSource): Model {
  const packageName = `@aws-sdk/client-${source.client}`
  const client = require(packageName) as Record<string, unknown>
  const { version } = require(`${packageName}/package.json`) as { version: string }
  const collected = new ShapeCollector(new Set(doubles[id]))
  const operations: Record<string, unknown> = {}
  const errors: Record<string, ModelReference> = {}
  for (const [exportName, schema] of Object.entries(client)) {
    if (!exportName.endsWith('$') || !Array.isArray(schema)) continue
    const [kind, namespace, name, traits, input, output] = schema as unknown as readonly [
      number,
      string,
      string,
      Traits,
      Schema,
      Schema,
    ]
    if (kind === operationKind) {
      const operation: unknown[] = [collected.reference(input), collected.reference(output)]
      if (traits) operation.push(traits)
      operations[name] = operation
    } else if (kind === errorKind && !namespace.startsWith('smithy.ts.sdk.synthetic')) {
      errors[name] = collected.reference(schema)
    }
  }
  return {
    id,
    package: `${packageName}@${version}`,
    ...describeService(client, source),
    operations,
    errors,
    shapes: collected.shapes,
  }
}

function describeService(client: Record<string, unknown>, source: ModelSource): object {
  const made = new (clientClassOf(client))({
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  })
  const { config } = made
  const settings = config.protocolSettings
  const own = config.protocol.getShapeId().split('#')[1]
  const described = {
    serviceId: config.serviceId,
    apiVersion: config.apiVersion,
    namespace: settings['defaultNamespace'],
    signingName: source.overlay?.['signingName'] ?? signingNameOf(config),
    target: settings['serviceTarget'],
    xmlNamespace: settings['xmlNamespace'],
    ...(settings['awsQueryCompatible'] ? { queryCompatible: true } : {}),
    protocols: [...new Set([own, ...(source.alsoSpeaks ?? [])])],
    ...source.overlay,
  }
  made.destroy()
  return described
}

interface Client {
  readonly config: ClientConfiguration
  destroy(): void
}

/** The class that talks to the service, `SQSClient`; the package also exports the one that it extends. */
export function clientClassOf(client: Record<string, unknown>): new (options: object) => Client {
  const base = client['__Client'] as (new () => object) | undefined
  for (const exported of Object.values(client)) {
    if (typeof exported !== 'function' || exported === base || !base) continue
    if (exported.prototype instanceof base && exported.name.endsWith('Client')) {
      return exported as new (options: object) => Client
    }
  }
  throw new Error('the package exports no client class')
}

function signingNameOf(config: ClientConfiguration): unknown {
  for (const scheme of config.httpAuthSchemeProvider({ region: 'us-east-1', operation: '' })) {
    if (scheme.signingProperties) return scheme.signingProperties['name']
  }
  throw new Error(`${config.serviceId} has no signing name`)
}

/** Numbers the shapes in the order in which operations reach them. */
class ShapeCollector {
  readonly shapes: unknown[] = []
  readonly #places = new Map<unknown, number>()
  readonly #doubles: ReadonlySet<string>

  constructor(doubleMembers: ReadonlySet<string>) {
    this.#doubles = doubleMembers
  }

  reference(given: Schema): ModelReference {
    const schema: unknown = typeof given === 'function' ? given() : given
    if (schema === 'unit') return unit
    if (typeof schema === 'number') return schema
    if (!Array.isArray(schema)) throw new Error(`unknown schema ${String(schema)}`)
    if (schema.length === 2) {
      const inner = this.reference(schema[0] as Schema)
      const traits = schema[1] as Traits
      return traits && typeof inner === 'number' ? [inner, traits] : inner
    }
    if (schema[1] === 'smithy.api') return unit
    const known = this.#places.get(schema)
    if (known !== undefined) return firstShape + known
    const place = this.shapes.push(undefined) - 1
    this.#places.set(schema, place)
    this.shapes[place] = this.#shape(schema)
    return firstShape + place
  }

  #shape(schema: readonly unknown[]): unknown {
    const [kind, , name, traits, first, second, requiredCount] = schema
    const head = [name, traits || 0]
    if (kind === 0) return ['x', ...head, this.reference(first as Schema)]
    if (kind === 1) return ['l', ...head, this.reference(first as Schema)]
    if (kind === 2) {
      return ['m', ...head, this.reference(first as Schema), this.reference(second as Schema)]
    }
    const letter = kind === unionKind ? 'u' : kind === errorKind ? 'e' : 's'
    if (letter === 's' && kind !== structureKind) throw new Error(`unknown kind ${String(kind)}`)
    const names = first as readonly string[]
    const references = (second as readonly Schema[]).map((member, index) =>
      this.#member(`${String(name)}.${names[index]}`, member),
    )
    return [letter, ...head, names, references, ...(requiredCount ? [requiredCount] : [])]
  }

  /** The schemas fold all numbers into one type; `doubles.json` says which members are floating. */
  #member(path: string, schema: Schema): ModelReference {
    const reference = this.reference(schema)
    if (!this.#doubles.has(path) && !this.#doubles.has(`${path}[]`)) return reference
    if (typeof reference === 'number') return [reference, { double: 1 }]
    const [inner, traits] = reference
    return [inner, { ...(typeof traits === 'object' ? traits : {}), double: 1 }]
  }
}

/** The text of a model's file. */
export function modelText(model: Model): string {
  return `${JSON.stringify(model)}\n`
}

if (import.meta.main) {
  for (const [id, source] of Object.entries(modelSources)) {
    writeFileSync(new URL(`${id}.json`, modelsFolder), modelText(extractModel(id, source)))
  }
}
