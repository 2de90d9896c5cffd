import { sameExpression } from './domain/same-expression.ts'
import type { Template } from './domain/template.ts'
import type { PlannedChange } from './plan-changes.ts'
import { invalid } from './stack-refusal.ts'

/** What a caller wants a stack to take over, as the caller says it. */
export interface ImportWish {
  readonly logicalId: string
  readonly type: string
  readonly identifier: Readonly<Record<string, string>>
}

export interface PlannedImport {
  readonly logicalId: string
  readonly type: string
  readonly physicalId: string
}

export interface ImportInput {
  readonly wishes: readonly ImportWish[]
  readonly template: Template
  readonly included: ReadonlySet<string>
  /** The stack's template as it is. */
  readonly previous: Template | undefined
  /** What the target would change if nothing were taken over. */
  readonly changes: readonly PlannedChange[]
  /** The property that names a resource of the type; undefined where resources cannot be taken over. */
  identifierOf(type: string): string | undefined
}

/**
 * What is to be taken over, and the changes as change sets show them. An import does nothing else: throws a `StackRefusal` in AWS's words
 * when the template wants more, or a wish is not one.
 */
export function planImports(input: ImportInput): {
  readonly imports: readonly PlannedImport[]
  readonly changes: readonly PlannedChange[]
} {
  const { wishes, changes } = input
  if (wishes.length === 0)
    throw invalid('ResourcesToImport is required for changesets of type IMPORT')
  const imports = wishes.map((wish) => planned(input, wish))
  const ids = new Set(imports.map(({ logicalId }) => logicalId))
  if (ids.size < imports.length) throw invalid('ResourcesToImport names a resource more than once')
  const bare = imports.filter(
    ({ logicalId }) => !input.template.resources.get(logicalId)?.isDeletionPolicyGiven,
  )
  if (bare.length > 0) {
    throw invalid(
      `The following resources to import [${namesOf(bare)}] must have DeletionPolicy attribute specified in the template.`,
    )
  }
  const others = changes.filter(({ logicalId, action }) => !ids.has(logicalId) || action !== 'Add')
  if (others.length > 0) {
    throw invalid(
      `You have modified resources [${namesOf(others)}] in your template that are not being imported. Update, create or delete operations cannot be executed during import operations.`,
    )
  }
  if (!sameOutputs(input.previous, input.template)) {
    throw invalid('As part of the import operation, you cannot modify or add [Outputs]')
  }
  return { imports, changes: changes.map((change) => shown(imports, change)) }
}

function planned(input: ImportInput, { logicalId, type, identifier }: ImportWish): PlannedImport {
  const declared = input.template.resources.get(logicalId)
  if (!declared || !input.included.has(logicalId)) {
    throw invalid(`Resources [${logicalId}] to import are not in the template`)
  }
  if (declared.type !== type) {
    throw invalid(
      `Resource ${logicalId} is of type ${declared.type} in the template, and of type ${type} in ResourcesToImport`,
    )
  }
  if (input.previous?.resources.has(logicalId)) {
    throw invalid(`Resources [${logicalId}] to import are in the stack already`)
  }
  const name = input.identifierOf(type)
  if (name === undefined) throw invalid(`ResourceTypes [${type}] are not supported for Import`)
  const unknown = Object.keys(identifier).filter((given) => given !== name)
  const physicalId = identifier[name]
  if (unknown.length > 0 || !physicalId) {
    throw invalid(
      `Invalid ResourceIdentifier [${Object.keys(identifier).join(', ')}] of resource ${logicalId}: ${type} is identified by [${name}]`,
    )
  }
  return { logicalId, type, physicalId }
}

function shown(imports: readonly PlannedImport[], change: PlannedChange): PlannedChange {
  const found = imports.find(({ logicalId }) => logicalId === change.logicalId)
  return found ? { ...change, action: 'Import', physicalId: found.physicalId } : change
}

function sameOutputs(before: Template | undefined, after: Template): boolean {
  const old = before?.outputs ?? new Map<string, never>()
  if (old.size !== after.outputs.size) return false
  return [...after.outputs].every(([name, { value }]) => {
    const found = old.get(name)
    return found !== undefined && sameExpression(found.value, value)
  })
}

function namesOf(all: readonly { readonly logicalId: string }[]): string {
  return all.map(({ logicalId }) => logicalId).join(', ')
}
