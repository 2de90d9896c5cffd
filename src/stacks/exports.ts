import type { Scope } from '../kernel/scope.ts'
import { kindOf, type Records, type StoredRecord } from '../store/records.ts'
import { TemplateProblem } from './domain/template-problem.ts'
import { stacks, type StackOutput, type StackRecord } from './stack-records.ts'

/** A value that a stack offers to all of its region and account. id: its name, owner: the exporting stack's uuid. */
export interface ExportRecord {
  readonly name: string
  readonly value: string
  readonly stackId: string
  /** Uuids of the stacks that use it; while there are any, it neither changes nor goes. */
  readonly importers: readonly string[]
}

export const stackExports = kindOf<ExportRecord>('cloudformation/export')

/** Why outputs cannot be exported, or a value cannot be imported: the stack's problem, in AWS's words. */
export class ExportProblem extends TemplateProblem {}

type Exporter = Pick<StackRecord, 'uuid' | 'stackId'>

/** Makes a stack's exports those of its outputs. Throws an `ExportProblem` when one is another stack's, or in use and changed. */
export async function writeExports(
  records: Records,
  scope: Scope,
  stack: Exporter,
  outputs: readonly StackOutput[],
): Promise<void> {
  const held = await records.list(stackExports, scope, { owner: stack.uuid })
  const offered = new Map(
    outputs.flatMap(({ exportName, value }) =>
      exportName === undefined ? [] : [[exportName, value] as const],
    ),
  )
  for (const record of held) {
    const value = offered.get(record.value.name)
    offered.delete(record.value.name)
    if (value === record.value.value) continue
    if (record.value.importers.length > 0) {
      const change = value === undefined ? 'deleted' : 'updated'
      throw await inUse(records, scope, record.value, change)
    }
    if (value === undefined) await records.remove(record)
    else await records.update(record, { ...record.value, value })
  }
  for (const [name, value] of offered) {
    const other = await records.find(stackExports, scope, name)
    if (other) {
      throw new ExportProblem(
        `Export with name ${name} is already exported by stack ${nameIn(other.value.stackId)}`,
      )
    }
    const record: ExportRecord = { name, value, stackId: stack.stackId, importers: [] }
    await records.insert(stackExports, { scope, id: name, owner: stack.uuid }, record)
  }
}

/**
 * Takes away all exports of a stack that is to be deleted. When some are in use nothing is done, and the answer says by whom, as AWS
 * writes it on the stack.
 */
export async function dropExports(
  records: Records,
  scope: Scope,
  stack: Exporter,
): Promise<string | undefined> {
  const used = await usedExport(records, scope, stack)
  if (used !== undefined) return used
  const held = await records.list(stackExports, scope, { owner: stack.uuid })
  for (const record of held) await records.remove(record)
  return undefined
}

/** Which export of a stack is in use and by whom, in AWS's words; undefined when none is. */
export async function usedExport(
  records: Records,
  scope: Scope,
  stack: Exporter,
): Promise<string | undefined> {
  const held = await records.list(stackExports, scope, { owner: stack.uuid })
  const used = held.find(({ value }) => value.importers.length > 0)
  return used ? (await inUse(records, scope, used.value, 'deleted')).message : undefined
}

async function inUse(
  records: Records,
  scope: Scope,
  { name, importers }: ExportRecord,
  change: 'deleted' | 'updated',
): Promise<ExportProblem> {
  const names = await importerNames(records, scope, importers)
  return new ExportProblem(
    `Export ${name} cannot be ${change} as it is in use by ${names.join(' and ')}`,
  )
}

/** The stacks' names, sorted. */
export async function importerNames(
  records: Records,
  scope: Scope,
  importers: readonly string[],
): Promise<readonly string[]> {
  const found = await Promise.all(importers.map((uuid) => records.find(stacks, scope, uuid)))
  return found.flatMap((stack) => (stack ? [stack.value.name] : [])).toSorted()
}

function nameIn(stackId: string): string {
  return stackId.split('/')[1] ?? stackId
}

/** The values of exports by name; names that are not exported are left out. */
export async function readImports(
  records: Records,
  scope: Scope,
  names: ReadonlySet<string>,
): Promise<Readonly<Record<string, string>>> {
  const values: Record<string, string> = {}
  for (const name of names) {
    const found = await records.find(stackExports, scope, name)
    if (found) values[name] = found.value.value
  }
  return values
}

/** Notes that a stack is about to use exports. Throws an `ExportProblem` when one changed since it was read. */
export async function holdImports(
  records: Records,
  scope: Scope,
  uuid: string,
  imports: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, value] of Object.entries(imports)) {
    const found = await records.find(stackExports, scope, name)
    if (found?.value.value !== value) throw new ExportProblem(`No export named ${name} found`)
    if (found.value.importers.includes(uuid)) continue
    const importers = [...found.value.importers, uuid]
    await records.update(found, { ...found.value, importers })
  }
}

/** Lets go of every export but those that the stack still uses. */
export async function releaseImports(
  records: Records,
  scope: Scope,
  uuid: string,
  kept: Readonly<Record<string, string>>,
): Promise<void> {
  const all: readonly StoredRecord<ExportRecord>[] = await records.list(stackExports, scope)
  for (const record of all) {
    const { name, importers } = record.value
    if (!importers.includes(uuid) || Object.hasOwn(kept, name)) continue
    const rest = importers.filter((importer) => importer !== uuid)
    await records.update(record, { ...record.value, importers: rest })
  }
}
