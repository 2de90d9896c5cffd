/** `CreateDBInstance` → `create-db-instance`. */
export function kebabOf(name: string): string {
  return name
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
}

/** `create-db-instance` or `CreateDBInstance` → `createDbInstance`. */
export function camelOf(name: string): string {
  return kebabOf(name).replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/** `scale/tidy-groups` → `TidyGroups`. */
export function pascalOf(name: string): string {
  const camel = camelOf(name)
  return camel.slice(0, 1).toUpperCase() + camel.slice(1)
}
