import type { ListenerSpec } from '../../protocol/gateway.ts'

/** A request that may be repeated goes to `again`; another one gets a connection of its own, which nobody may be closing. */
export type Variant = 'again' | 'once' | 'tcp'

export function variantsOf({ protocol }: ListenerSpec): readonly Variant[] {
  return protocol === 'tcp' ? ['tcp'] : ['again', 'once']
}

/** How backends are called: by listener as well, because time-outs and addresses are the listener's. */
export function backendName(listenerMark: string, groupMark: string, variant: Variant): string {
  return `b_${listenerMark}_${groupMark}_${variant}`
}

/** A name for what the outside calls otherwise, short and without characters that mean something to HAProxy. */
export function markOf(id: string): string {
  let hash = 0xcbf29ce484222325n
  for (const character of id) {
    hash = ((hash ^ BigInt(character.codePointAt(0) ?? 0)) * 0x100000001b3n) & 0xffffffffffffffffn
  }
  return hash.toString(16).padStart(16, '0')
}
