import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readUnit, type Unit } from './unit-file.ts'

/** A service by what it is started with. */
export type Definition =
  | { readonly kind: 'unit'; readonly unit: Unit }
  | { readonly kind: 'script'; readonly path: string }

/** Services under the names of other distributions. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  httpd: ['apache2'],
  apache2: ['httpd'],
  mysqld: ['mysql', 'mariadb'],
  mysql: ['mysqld', 'mariadb'],
  sshd: ['ssh'],
  crond: ['cron'],
  'php-fpm': ['php8.4-fpm', 'php8.3-fpm', 'php8.2-fpm', 'php8.1-fpm', 'php7.4-fpm'],
}

const unitFolders = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
]

/** Part of every machine. */
const builtIn: Readonly<Record<string, string>> = {
  'cfn-hup': '[Service]\nType=simple\nExecStart=/opt/aws/bin/cfn-hup --no-daemon\n',
}

/** The name under which the service is known here, and what it is; undefined when there is none. */
export function findService(
  asked: string,
): { readonly name: string; readonly definition: Definition } | undefined {
  const plain = asked.replace(/\.service$/, '')
  for (const name of [plain, ...(otherNames[plain] ?? [])]) {
    const definition = definitionOf(name)
    if (definition) return { name, definition }
  }
  return undefined
}

function definitionOf(name: string): Definition | undefined {
  const own = join('/etc/systemd/system', `${name}.service`)
  if (existsSync(own)) return { kind: 'unit', unit: readUnit(readFileSync(own, 'utf8')) }
  const script = join('/etc/init.d', name)
  if (isExecutable(script)) return { kind: 'script', path: script }
  const text = Object.hasOwn(builtIn, name) ? builtIn[name] : undefined
  if (text !== undefined) return { kind: 'unit', unit: readUnit(text) }
  const [at] = unitFolders.map((folder) => join(folder, `${name}.service`)).filter(existsSync)
  return at === undefined ? undefined : { kind: 'unit', unit: readUnit(readFileSync(at, 'utf8')) }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
