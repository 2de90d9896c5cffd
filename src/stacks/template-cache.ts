import { readTemplate } from './domain/read-template.ts'
import type { Template } from './domain/template.ts'
import { readSource } from './read-source.ts'

/** Templates that are worked with at the same time; one of the largest size takes some 10 MB when read. */
const templatesMax = 16

/** Reads a body once for all steps of a stack's life. Throws a `TemplateProblem`. */
export class TemplateCache {
  readonly #templates = new Map<string, Template>()

  read(body: string): Template {
    const known = this.#templates.get(body)
    const template = known ?? readTemplate(readSource(body))
    this.#templates.delete(body)
    this.#templates.set(body, template)
    const [oldest] = this.#templates.keys()
    if (this.#templates.size > templatesMax && oldest !== undefined) this.#templates.delete(oldest)
    return template
  }
}
