import { coerceProperties } from './domain/coerce-properties.ts'
import { patched } from './domain/json-patch.ts'
import { ownProperties, readOnlyNames, resourceModel } from './domain/resource-model.ts'
import { replacedBy } from './domain/type-schema.ts'
import type { ControlledType } from './request-records.ts'
import { invalidRequest, RequestRefusal } from './request-refusal.ts'
import type { Properties } from './resource-type.ts'
import { sameValue } from './same-value.ts'

/** What a new resource is to be. Throws a `RequestRefusal` that names what is wrong. */
export function plannedState(type: ControlledType, desiredState: string): Properties {
  const desired = readJson('DesiredState', desiredState)
  if (typeof desired !== 'object' || desired === null || Array.isArray(desired)) {
    throw invalidRequest('Model validation failed (#: expected type: JSONObject)')
  }
  return checked(type, desired as Properties)
}

/** What a resource is and what it is to be, both of honoured properties alone. Throws a `RequestRefusal`. */
export function plannedUpdate(
  type: ControlledType,
  described: Properties,
  patchDocument: string,
): { readonly before: Properties; readonly desired: Properties } {
  const model = resourceModel(type, described)
  const result = patched(model, readJson('PatchDocument', patchDocument), sameValue)
  if (!result.ok) throw invalidRequest(`Invalid patch document: ${result.reason}`)
  const next = result.value
  if (typeof next !== 'object' || next === null || Array.isArray(next)) {
    throw invalidRequest('Invalid patch document: a resource is a JSON object')
  }
  const wished = next as Properties
  const readOnly = changedIn(readOnlyNames(type), model, wished)
  if (readOnly.length > 0) {
    throw invalidRequest(
      `Invalid patch update: readOnlyProperties [${readOnly.join(', ')}] cannot be updated`,
    )
  }
  const told = new Set(readOnlyNames(type))
  const given = Object.fromEntries(Object.entries(wished).filter(([name]) => !told.has(name)))
  const desired = checked(type, given)
  const before = checked(type, ownProperties(type, model), false)
  const createOnly = changedIn(replacedBy(type), before, desired)
  if (createOnly.length > 0) {
    throw new RequestRefusal(
      'NotUpdatableException',
      `Invalid patch update: createOnlyProperties [${createOnly.join(', ')}] cannot be updated`,
    )
  }
  return { before, desired }
}

function changedIn(
  names: readonly string[],
  before: Properties,
  after: Properties,
): readonly string[] {
  const changed = names.filter((name) => !sameValue(before[name], after[name]))
  return changed.map((name) => `/properties/${name}`)
}

/** `isHeld`: what is there is not held to what a new one must have. */
function checked(type: ControlledType, properties: Properties, isHeld = true): Properties {
  const shape = isHeld ? type : { ...type, required: [], problem: () => undefined }
  const coerced = coerceProperties(type.name, shape, properties)
  if (coerced.ok) return coerced.properties
  const [, ...problems] = coerced.reason.split('\n')
  throw invalidRequest(`Model validation failed (${problems.join('\n')})`)
}

function readJson(member: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalidRequest(`${member} is not valid JSON`)
  }
}
