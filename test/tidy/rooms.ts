/** Which room may import which, besides itself. The table of ARCHITECTURE.md; a room that is not here may not exist. */
const engines = ['kernel', 'store', 'reconcile']
const computeLine = [...engines, 'protocol', 'network', 'identity', 'metrics']
const balanceLine = [...computeLine, 'compute']
const scaleLine = [...balanceLine, 'balance']
const everything = '*'

export const mayImport: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  protocol: ['kernel'],
  wire: ['kernel'],
  store: ['kernel'],
  reconcile: ['kernel', 'store'],
  identity: engines,
  metrics: engines,
  queue: engines,
  topics: [...engines, 'identity'],
  rules: [...engines, 'topics'],
  logs: engines,
  objects: engines,
  stacks: [...engines, 'protocol', 'objects'],
  network: [...engines, 'protocol'],
  compute: computeLine,
  balance: balanceLine,
  database: [...balanceLine, 'objects'],
  scale: scaleLine,
  deploy: [...scaleLine, 'scale', 'objects'],
  chaos: [...engines, 'compute', 'network', 'balance', 'database', 'metrics'],
  services: [
    ...scaleLine,
    ...['wire', 'scale', 'objects', 'deploy', 'stacks', 'queue'],
    ...['topics', 'rules', 'logs', 'database'],
  ],
  drivers: ['kernel', 'protocol'],
  host: ['kernel', 'protocol', 'drivers'],
  edge: ['kernel', 'protocol', 'drivers'],
  gateway: ['kernel', 'protocol', 'drivers'],
  agent: ['kernel', 'protocol', 'drivers'],
  guest: ['kernel', 'protocol', 'agent'],
  server: [everything],
  cli: ['kernel', 'protocol'],
  testing: [everything],
}

/** The contract files that a driver fulfils, and what the store's own driver stands on. */
export const contractFiles: readonly string[] = [
  'compute/driver.ts',
  'network/driver.ts',
  'balance/data-plane.ts',
  'deploy/bundle-reader.ts',
  'logs/event-store.ts',
  'metrics/point-store.ts',
  'objects/blob.ts',
  'queue/domain/message.ts',
  'queue/message-store.ts',
  'store/records.ts',
  'topics/delivery-ports.ts',
]

/** The processes' entry points; `testing` may use all rooms but these. */
export const entryPointRooms: readonly string[] = [
  'host',
  'edge',
  'gateway',
  'agent',
  'guest',
  'server',
  'cli',
]

/** Where the clock may be read and dice thrown. */
export const impureRooms: readonly string[] = [
  'drivers',
  'server',
  'host',
  'edge',
  'gateway',
  'agent',
  'guest',
  'cli',
]
