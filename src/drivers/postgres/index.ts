export { adoptEmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts'
export type { EmbeddedPostgres, EmbeddedPostgresOptions } from './embedded.ts'
export { openPostgresStore } from './postgres-store.ts'
export type { PostgresStoreOptions } from './postgres-store.ts'
