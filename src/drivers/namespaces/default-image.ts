import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { metadataAddress } from '../../protocol/network.ts'

/** Grows with every change of what is below, so that an older layer is not taken for this one. */
const version = 5

/** The port at which the edge joins machines to the endpoint. */
const endpointPort = 4566

/** Settings that programs under the host machine's `/usr` cannot do without. No keys, no accounts, no services. */
const takenFromHost = [
  'alternatives',
  'ssl/certs',
  'ssl/openssl.cnf',
  'ca-certificates',
  'ca-certificates.conf',
  'pki/tls/certs',
  'pki/ca-trust',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'nsswitch.conf',
  'protocols',
  'services',
  'rpc',
  'mime.types',
  'localtime',
  'timezone',
  'pam.d',
  'pam.conf',
  'security',
  'login.defs',
  'profile',
  'bash.bashrc',
  'inputrc',
  'terminfo',
  'debian_version',
  'redhat-release',
  'os-release',
  'lsb-release',
  'gai.conf',
  'host.conf',
  'perl',
  'python3',
  'python3.9',
  'python3.10',
  'python3.11',
  'python3.12',
  'python3.13',
  'fonts',
]

const folders: readonly (readonly [string, number])[] = [
  ['dev', 0o755],
  ['proc', 0o555],
  ['sys', 0o555],
  ['run', 0o755],
  ['tmp', 0o1777],
  ['usr', 0o755],
  ['mnt', 0o755],
  ['media', 0o755],
  ['srv', 0o755],
  ['root', 0o700],
  ['home', 0o755],
  ['opt/evenkeel', 0o755],
  ['opt/aws/bin', 0o755],
  ['opt/aws/shims', 0o755],
  ['etc/apt/apt.conf.d', 0o755],
  ['etc/apt/preferences.d', 0o755],
  ['etc/apt/sources.list.d', 0o755],
  ['var/lib/dpkg/info', 0o755],
  ['var/lib/dpkg/updates', 0o755],
  ['var/lib/apt/lists/partial', 0o755],
  ['var/cache/apt/archives/partial', 0o755],
  ['etc', 0o755],
  ['var/log', 0o755],
  ['var/lib/cloud/instance', 0o755],
  ['var/lib/dpkg', 0o755],
  ['var/www/html', 0o755],
  ['var/cache', 0o755],
  ['var/spool', 0o755],
  ['var/tmp', 0o1777],
  ['var/opt', 0o755],
  ['var/mail', 0o755],
]

interface Account {
  readonly name: string
  readonly id: number
  readonly home: string
  readonly shell: string
}

const accounts: readonly Account[] = [
  { name: 'root', id: 0, home: '/root', shell: '/bin/sh' },
  { name: 'daemon', id: 1, home: '/usr/sbin', shell: '/usr/sbin/nologin' },
  { name: 'mail', id: 8, home: '/var/mail', shell: '/usr/sbin/nologin' },
  { name: 'www-data', id: 33, home: '/var/www', shell: '/usr/sbin/nologin' },
  { name: 'mysql', id: 27, home: '/var/lib/mysql', shell: '/usr/sbin/nologin' },
  { name: 'sshd', id: 74, home: '/run/sshd', shell: '/usr/sbin/nologin' },
  { name: 'apache', id: 48, home: '/var/www', shell: '/usr/sbin/nologin' },
  { name: 'nginx', id: 101, home: '/var/cache', shell: '/usr/sbin/nologin' },
  { name: 'ec2-user', id: 1000, home: '/home/ec2-user', shell: '/bin/sh' },
  { name: 'ubuntu', id: 1001, home: '/home/ubuntu', shell: '/bin/sh' },
  { name: 'nobody', id: 65534, home: '/nonexistent', shell: '/usr/sbin/nologin' },
]

/**
 * The image that needs no download: one layer with a fresh `/etc`, `/var`, `/home` and so on; `/usr` is the host machine's, bound over
 * it. Made once, under a name that appears only when it is complete. Returns its folder.
 */
export async function makeDefaultImage(imagesFolder: string): Promise<string> {
  const image = join(imagesFolder, `default-${version}`)
  if (existsSync(image)) return image
  const draft = `${image}.new`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { recursive: true, mode: 0o755 })
  for (const [folder, mode] of folders) {
    mkdirSync(join(draft, folder), { recursive: true, mode: 0o755 })
    chmodSync(join(draft, folder), mode)
  }
  copySystemLinks(draft)
  for (const name of takenFromHost) takeFromHost(draft, name)
  // What is installed in the host machine's `/usr`: it is the machine's, too.
  if (existsSync('/var/lib/dpkg/status')) {
    cpSync('/var/lib/dpkg/status', join(draft, 'var/lib/dpkg/status'))
  }
  writeTools(draft)
  writeCommandLine(draft)
  if (!existsSync(join(draft, 'var/run'))) symlinkSync('/run', join(draft, 'var/run'))
  writeAccounts(draft)
  writeFileSync(join(draft, 'etc/shells'), '/bin/sh\n/bin/bash\n')
  writeFileSync(join(draft, 'etc/environment'), '')
  symlinkSync('/proc/mounts', join(draft, 'etc/mtab'))
  chmodSync(draft, 0o755)
  renameSync(draft, image)
  return image
}

/** Stand-ins for what has no meaning in a machine. */
const shims = ['chkconfig', 'halt', 'poweroff', 'reboot', 'service', 'shutdown', 'systemctl']

/** The tools of `src/guest`: AWS's own under AWS's path, stand-ins where no search misses them. */
function writeTools(draft: string): void {
  const yum = existsSync('/usr/bin/yum') || existsSync('/usr/bin/dnf') ? [] : ['yum', 'dnf']
  const tools = [
    ...['cfn-get-metadata', 'cfn-hup', 'cfn-init', 'cfn-signal'].map((name) => ['bin', name]),
    ...[...shims, ...yum].map((name) => ['shims', name]),
  ]
  for (const [folder = '', name = ''] of tools) {
    const text = `#!/bin/sh\nexec /opt/evenkeel/bin/node /opt/evenkeel/app/src/guest/main.ts ${name} "$@"\n`
    const path = join(draft, 'opt/aws', folder, name)
    writeFileSync(path, text)
    chmodSync(path, 0o755)
  }
}

/**
 * The `aws` command of the host machine, told where the endpoint is: versions before 2.13 know no variable for it, and what cfn-init runs
 * under `env` has none.
 */
function writeCommandLine(draft: string): void {
  const program = ['/usr/local/bin/aws', '/usr/bin/aws'].find((path) => existsSync(path))
  if (program === undefined) return
  const text = `#!/bin/sh
for word in "$@"; do
  case $word in --endpoint-url | --endpoint-url=*) exec ${program} "$@" ;; esac
done
exec ${program} --endpoint-url "\${AWS_ENDPOINT_URL:-http://${metadataAddress}:${endpointPort}}" "$@"
`
  const path = join(draft, 'opt/aws/shims/aws')
  writeFileSync(path, text)
  chmodSync(path, 0o755)
}

/** `/bin` → `usr/bin` and so on; a folder where the host machine has a folder. */
function copySystemLinks(draft: string): void {
  for (const name of ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32']) {
    const found = lstatSync(`/${name}`, { throwIfNoEntry: false })
    if (!found) continue
    if (found.isSymbolicLink()) symlinkSync(readlinkSync(`/${name}`), join(draft, name))
    else mkdirSync(join(draft, name))
  }
}

/** What the host machine does not have, or does not let us read, is left out. */
function takeFromHost(draft: string, name: string): void {
  const source = `/etc/${name}`
  if (!lstatSync(source, { throwIfNoEntry: false })) return
  const target = join(draft, 'etc', name)
  mkdirSync(dirname(target), { recursive: true })
  cpSync(source, target, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => isReadable(path),
  })
}

function isReadable(path: string): boolean {
  const found = lstatSync(path)
  if (found.isSymbolicLink() || found.isDirectory()) return true
  return found.isFile() && (found.mode & 0o004) !== 0
}

function writeAccounts(draft: string): void {
  const lines = (line: (account: Account) => string): string =>
    accounts.map((account) => `${line(account)}\n`).join('')
  writeFileSync(
    join(draft, 'etc/passwd'),
    lines(({ name, id, home, shell }) => `${name}:x:${id}:${id}::${home}:${shell}`),
  )
  writeFileSync(
    join(draft, 'etc/group'),
    `${lines(({ name, id }) => `${name}:x:${id}:`)}tty:x:5:\nadm:x:4:\nnogroup:x:65533:\n`,
  )
  writeFileSync(
    join(draft, 'etc/shadow'),
    lines(({ name }) => `${name}:*:19000:0:99999:7:::`),
    {
      mode: 0o640,
    },
  )
  for (const { id, home } of accounts.filter(
    (account) => account.id >= 1000 && account.id < 65000,
  )) {
    mkdirSync(join(draft, home), { mode: 0o755 })
    giveTo(join(draft, home), id)
  }
}

/** Where one user id is all there is (no subordinate ids), everything stays root's. */
function giveTo(path: string, id: number): void {
  try {
    chownSync(path, id, id)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EINVAL') throw thrown
  }
}
