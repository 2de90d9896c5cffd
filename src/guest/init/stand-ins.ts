import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import type { MachineContext } from '../machine-context.ts'

/** Apache's packages, by all their names. */
const apache = new Set(['httpd', 'httpd24', 'apache2'])

const program = '/opt/aws/shims/httpd'
const unit = '/etc/systemd/system/httpd.service'

const unitText = `[Unit]
Description=The platform's own server of /var/www/html, in place of Apache
[Service]
Type=forking
PIDFile=/run/httpd.pid
ExecStart=${program} -k start
`

/** Whether the platform has something that does a package's work in a plain case, and it is in place. */
export function hasStandIn({ root }: MachineContext, name: string): boolean {
  return root === '' && apache.has(name) && existsSync(unit) && existsSync(program)
}

/** Puts it in place where there is one; false where there is none. */
export function installStandIn({ root }: MachineContext, name: string): boolean {
  if (root !== '' || !apache.has(name)) return false
  const text =
    '#!/bin/sh\nexec /opt/evenkeel/bin/node /opt/evenkeel/app/src/guest/main.ts httpd "$@"\n'
  writeFileSync(program, text)
  chmodSync(program, 0o755)
  for (const folder of ['/etc/systemd/system', '/var/www/html'])
    mkdirSync(folder, { recursive: true })
  writeFileSync(unit, unitText)
  return true
}
