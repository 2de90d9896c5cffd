import { coerceProperties } from './domain/coerce-properties.ts'
import { misplacedSecure, referencesIn, withReferences } from './domain/dynamic-references.ts'
import { problem } from './domain/template-problem.ts'
import type { Properties, ResourceType } from './resource-type.ts'
import type { WorkContext } from './resource-work.ts'

/**
 * A resource's properties with their dynamic references resolved, for the type alone: records keep the references, so that no secret
 * is in them and a changed secret is no change of the template. Throws when one has no value.
 */
export async function resolveReferences(
  work: Pick<WorkContext, 'scope' | 'dynamic'>,
  type: ResourceType,
  at: { readonly logicalId: string; readonly properties: Properties },
): Promise<Properties> {
  const { logicalId, properties } = at
  const references = referencesIn(properties)
  if (references.size === 0) return properties
  const misplaced = misplacedSecure(type.name, properties)
  if (misplaced !== undefined) {
    throw problem(`SSM Secure reference is not supported in: [${misplaced}]`)
  }
  const known = new Map<string, string>()
  for (const [text, reference] of references) {
    if (!work.dynamic) throw problem(`dynamic references are not supported here: ${text}`)
    known.set(text, await work.dynamic(work.scope, reference))
  }
  const resolved = withReferences(properties, known) as Properties
  const coerced = coerceProperties(logicalId, type, { ...resolved })
  if (!coerced.ok) throw problem(coerced.reason)
  return coerced.properties
}

/** Of what was there before: a reference that leads nowhere any more stays as it is written. */
export async function resolvedBefore(
  work: Pick<WorkContext, 'scope' | 'dynamic'>,
  type: ResourceType,
  at: { readonly logicalId: string; readonly properties: Properties },
): Promise<Properties> {
  try {
    return await resolveReferences(work, type, at)
  } catch {
    return at.properties
  }
}
