/** What a name server knows. Names are lower-case, without the dot at the end. */
export interface NameTable {
  /** Undefined when there is no such name. */
  addresses(name: string): NameEntry | undefined
  /** The name of an address. */
  nameOf(address: string): string | undefined
  /** Whether a name that is not there does not exist, or is somebody else's to tell. */
  owns(name: string): boolean
}

interface NameEntry {
  readonly addresses: readonly string[]
  /** How long it may be remembered. */
  readonly seconds: number
}

export interface NameTableOptions {
  readonly hosts: ReadonlyMap<string, NameEntry>
  /** By address: the names that PTR answers. */
  readonly names: ReadonlyMap<string, string>
  /** `ec2.internal`: all names that end so are known here. */
  readonly zones: readonly string[]
}

const reverseZone = 'in-addr.arpa'

/** A table from lists; `localhost` is always in it. */
export function nameTable({ hosts, names, zones }: NameTableOptions): NameTable {
  const own = [...zones, reverseZone, 'localhost']
  return {
    addresses: (name) =>
      name === 'localhost' ? { addresses: ['127.0.0.1'], seconds: 60 } : hosts.get(name),
    nameOf: (address) => names.get(address),
    owns: (name) => own.some((zone) => name === zone || name.endsWith(`.${zone}`)),
  }
}
