import type { Json, JsonObject } from '../../topics/domain/pattern.ts'

/** What a target is given of an event: all of it, a part, a fixed text, or a text made of parts. */
export interface TargetInput {
  /** JSON. */
  readonly input?: string
  readonly path?: string
  readonly transformer?: {
    readonly paths: Readonly<Record<string, string>>
    readonly template: string
  }
}

/** What an event's rule adds to what a template may name. */
export interface RuleNames {
  readonly ruleArn: string
  readonly ruleName: string
  readonly ingestionTime: string
}

export function inputFor(target: TargetInput, event: JsonObject, names: RuleNames): string {
  const { input, path, transformer } = target
  if (input !== undefined) return input
  if (path !== undefined) return JSON.stringify(valueAt(event, path) ?? null)
  if (!transformer) return JSON.stringify(event)
  const values = new Map<string, Json | undefined>([
    ['aws.events.rule-arn', names.ruleArn],
    ['aws.events.rule-name', names.ruleName],
    ['aws.events.event.ingestion-time', names.ingestionTime],
    ['aws.events.event.json', event],
    ['aws.events.event', withoutDetail(event)],
  ])
  for (const [name, at] of Object.entries(transformer.paths)) values.set(name, valueAt(event, at))
  return filled(transformer.template, values)
}

function withoutDetail(event: JsonObject): JsonObject {
  const { detail: _detail, ...rest } = event
  return rest
}

/** `$.detail.state`, `$.resources[0]`, `$['detail-type']`, `$`. */
export function isPath(text: string): boolean {
  return /^\$(\.[A-Za-z0-9_-]+|\[\d+\]|\['[^']+'\])*$/.test(text) && text.length <= 256
}

function valueAt(event: Json, path: string): Json | undefined {
  let value: Json | undefined = event
  for (const [, name, index, quoted] of path.matchAll(
    /\.([A-Za-z0-9_-]+)|\[(\d+)\]|\['([^']+)'\]/g,
  )) {
    if (typeof value !== 'object' || value === null) return undefined
    if (Array.isArray(value)) value = (value as readonly Json[])[Number(index)]
    else value = (value as JsonObject)[name ?? quoted ?? '']
  }
  return value
}

const placeholder = /<([A-Za-z0-9_.-]+)>/g

/** Inside of quotes a value is its text; outside of them it is JSON, where the template is JSON at all, else its text too. */
function filled(template: string, values: ReadonlyMap<string, Json | undefined>): string {
  const isJson = isTemplateJson(template)
  const quoted = quotedRanges(template)
  return template.replace(placeholder, (whole: string, name: string, at: number) => {
    if (!values.has(name)) return whole
    const value = values.get(name)
    const text = typeof value === 'string' ? value : JSON.stringify(value ?? '')
    if (!isJson) return value === undefined ? '' : text
    if (!quoted(at)) return JSON.stringify(value ?? '')
    return value === undefined ? '' : JSON.stringify(text).slice(1, -1)
  })
}

function isTemplateJson(template: string): boolean {
  try {
    JSON.parse(template.replace(placeholder, '0'))
    return true
  } catch {
    return false
  }
}

/** Whether a place of the text is between quotes. */
function quotedRanges(text: string): (at: number) => boolean {
  const inside: boolean[] = []
  let isInside = false
  for (let at = 0; at < text.length; at++) {
    inside.push(isInside)
    if (text[at] === '\\' && isInside) {
      inside.push(isInside)
      at++
    } else if (text[at] === '"') {
      isInside = !isInside
    }
  }
  return (at) => inside[at] === true
}
