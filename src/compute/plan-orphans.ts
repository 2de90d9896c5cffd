import type { MachineStatus } from '../protocol/machine.ts'

/** At most so many at once, so that a mistake stays small enough to be noticed. */
export const orphansMax = 10

/** Instances' machines that no record knows, of one complete list. Machines of other owners (`gw-…`) are theirs to end. */
export function planOrphans(
  machines: readonly MachineStatus[],
  known: ReadonlySet<string>,
): { readonly terminate: readonly string[]; readonly hasMore: boolean } {
  const orphans = machines
    .filter((machine) => machine.id.startsWith('i-') && machine.phase !== 'terminated')
    .map((machine) => machine.id)
    .filter((id) => !known.has(id))
  return { terminate: orphans.slice(0, orphansMax), hasMore: orphans.length > orphansMax }
}
