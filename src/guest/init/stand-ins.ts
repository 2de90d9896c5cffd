import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MachineContext } from '../machine-context.ts'

/** Apache's packages, by all their names. */
const apache = new Set(['httpd', 'httpd24', 'apache2'])

/** What only Apache itself can have. */
const modules = new Set(['mod_ssl', 'mod24_ssl'])

const program = '/opt/aws/shims/httpd'
const unitFolder = '/etc/systemd/system'
/** Under both names: the one of Debian's own unit must not win. */
const unitNames = ['httpd.service', 'apache2.service']
const settings = ['/etc/apache2/apache2.conf', '/etc/httpd/conf/httpd.conf']

const unitText = `[Unit]
Description=The platform's own server of /var/www/html, in place of Apache
[Service]
Type=forking
PIDFile=/run/httpd.pid
ExecStart=${program} -k start
`

/** Whether the platform has something that does a package's work in a plain case, and it is in place. */
export function hasStandIn({ root }: MachineContext, name: string): boolean {
  return root === '' && apache.has(name) && existsSync(program)
}

/** Whether a package's programs are the host machine's, without the settings that they do not start without. */
export function isBare({ root }: MachineContext, name: string): boolean {
  return root === '' && (apache.has(name) || modules.has(name)) && !settings.some(existsSync)
}

/** Puts it in place where there is one; false where there is none. */
export function installStandIn({ root }: MachineContext, name: string): boolean {
  if (root !== '' || !apache.has(name)) return false
  const text =
    '#!/bin/sh\nexec /opt/evenkeel/bin/node /opt/evenkeel/app/src/guest/main.ts httpd "$@"\n'
  writeFileSync(program, text)
  chmodSync(program, 0o755)
  for (const folder of [unitFolder, '/var/www/html']) mkdirSync(folder, { recursive: true })
  for (const unit of unitNames) writeFileSync(join(unitFolder, unit), unitText)
  return true
}
