export { nameTable, type NameTable } from './name-table.ts'
export { serveTcpNames, serveUdpNames } from './serve-names.ts'
