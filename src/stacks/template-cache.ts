import type { Clock } from '../kernel/clock.ts'
import { readParameters } from './domain/read-parameters.ts'
import { readTemplate, transformsOf } from './domain/read-template.ts'
import type { SourceNode } from './domain/source-node.ts'
import type { Template } from './domain/template.ts'
import { ApartReader } from './read-apart.ts'
import { isQuick, readSource } from './read-source.ts'

/** Templates that are worked with at the same time; one of the largest size takes some 10 MB when read. */
const templatesMax = 16
/** Texts that were read and whose templates are not. */
const sourcesMax = 4

type Parameters = Readonly<Record<string, string>>

/** Reads a body once for all steps of a stack's life. Throws a `TemplateProblem`. */
export class TemplateCache {
  readonly #templates = new Map<string, Template>()
  readonly #sources = new Map<string, SourceNode>()
  readonly #reader: ApartReader

  constructor(clock: Clock) {
    this.#reader = new ApartReader(clock)
  }

  /** Before `read` and `declared`: a text that takes long is read while other things are answered. */
  async load(body: string): Promise<void> {
    if (isQuick(body) || this.#templates.has(body) || this.#sources.has(body)) return
    const source = await this.#reader.read(body)
    this.#sources.set(body, source)
    const [oldest] = this.#sources.keys()
    if (this.#sources.size > sourcesMax && oldest !== undefined) this.#sources.delete(oldest)
  }

  /** `parameters` are what loops are written out over; templates without transforms do not need them. */
  read(body: string, parameters: Parameters = {}): Template {
    const known = this.#kept(body)
    if (known) return known
    const source = this.#sources.get(body) ?? readSource(body)
    if (!isTransformed(source)) return this.#keep(body, readTemplate(source))
    const key = `${JSON.stringify(parameters)}\n${body}`
    return this.#kept(key) ?? this.#keep(key, readTemplate(source, parameters))
  }

  /** The parameters alone, of a template whose loops cannot be written out before they have values. */
  declared(body: string): Pick<Template, 'parameters'> {
    const known = this.#kept(body)
    if (known) return known
    const source = this.#sources.get(body) ?? readSource(body)
    if (!isTransformed(source)) return this.#keep(body, readTemplate(source))
    return { parameters: readParameters(source.entries.get('Parameters')) }
  }

  #kept(key: string): Template | undefined {
    const known = this.#templates.get(key)
    if (known) this.#keep(key, known)
    return known
  }

  /** The latest is last. */
  #keep(key: string, template: Template): Template {
    this.#sources.delete(key)
    this.#templates.delete(key)
    this.#templates.set(key, template)
    const [oldest] = this.#templates.keys()
    if (this.#templates.size > templatesMax && oldest !== undefined) this.#templates.delete(oldest)
    return template
  }
}

function isTransformed(source: SourceNode): source is SourceNode & { readonly kind: 'map' } {
  return source.kind === 'map' && transformsOf(source).length > 0
}
