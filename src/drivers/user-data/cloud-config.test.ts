import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { test } from 'node:test'
import fc from 'fast-check'
import { readCloudConfig } from './cloud-config.ts'
import { finalMessage } from './final-message.ts'
import { hostnameOf } from './place-user-script.ts'
import { readUserData } from './read-parts.ts'

const multipart = [
  'Content-Type: multipart/mixed; boundary="==B=="',
  'MIME-Version: 1.0',
  '',
  '--==B==',
  'Content-Type: text/cloud-config; charset="us-ascii"',
  'Content-Transfer-Encoding: base64',
  '',
  Buffer.from('#cloud-config\nhostname: web-7\n').toString('base64'),
  '--==B==',
  'Content-Type: text/x-shellscript',
  'Content-Disposition: attachment; filename="10-first.sh"',
  '',
  '#!/bin/sh\necho hello',
  '--==B==--',
  '',
].join('\n')

test('the first line says what plain user data is', () => {
  const typeOf = (text: string) => readUserData(Buffer.from(text))[0]?.type
  assert.equal(typeOf('#!/bin/sh\n'), 'script')
  assert.equal(typeOf('#cloud-config\npackages: []\n'), 'cloud-config')
  assert.equal(typeOf('#cloud-boothook\necho\n'), 'boothook')
  assert.equal(typeOf('#include\nhttp://x\n'), 'unsupported')
  assert.equal(typeOf('#cloud-config-archive\n'), 'unsupported')
  assert.equal(typeOf('hello'), 'unknown')
  assert.deepEqual(readUserData(Buffer.alloc(0)), [])
})

test('multipart user data comes apart, whatever its line ends, packed or not', () => {
  for (const text of [multipart, multipart.replaceAll('\n', '\r\n')]) {
    for (const bytes of [Buffer.from(text), gzipSync(text)]) {
      const parts = readUserData(bytes)
      assert.deepEqual(
        parts.map(({ type, name }) => [type, name]),
        [
          ['cloud-config', 'part-001'],
          ['script', '10-first.sh'],
        ],
      )
      assert.match(parts[1]?.content.toString() ?? '', /^#!\/bin\/sh\r?\necho hello/)
    }
  }
  assert.equal(hostnameOf(Buffer.from(multipart).toString('base64')), 'web-7')
})

test('broken user data is an error with words, never anything else', () => {
  assert.throws(
    () => readUserData(Buffer.from('Content-Type: multipart/mixed; boundary=x\n\n--x\n\nabc')),
    /boundary/,
  )
  assert.throws(() => readUserData(Buffer.from([0x1f, 0x8b, 1, 2, 3])), Error)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      assert.ok(readUserData(Buffer.from([0x20, ...bytes])).length === 1)
    }),
  )
})

test('any bytes come through base64 and gzip of write_files as they were', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.boolean(), (bytes, isPacked) => {
      const content = (isPacked ? gzipSync(bytes) : Buffer.from(bytes)).toString('base64')
      const encoding = isPacked ? 'gz+b64' : 'b64'
      const text = `write_files:\n- path: /a\n  encoding: ${encoding}\n  content: "${content}"\n`
      const [file] = readCloudConfig([text]).files
      assert.deepEqual(file?.content, Buffer.from(bytes))
    }),
  )
})

test('permissions are octal, quoted or not', () => {
  const permissionsOf = (value: string) =>
    readCloudConfig([`write_files: [{ path: /a, permissions: ${value} }]`])
  assert.equal(permissionsOf('0640').files[0]?.permissions, '640')
  assert.equal(permissionsOf("'0755'").files[0]?.permissions, '0755')
  assert.match(permissionsOf("'rwx'").complaints[0] ?? '', /not octal/)
})

test('commands are texts or lists; a later configuration replaces the keys of an earlier one', () => {
  const config = readCloudConfig([
    'runcmd: [echo a]\nbootcmd: [[echo, "b c"]]',
    'runcmd: [echo d, [echo, e]]',
  ])
  assert.deepEqual(config.runcmd, ['echo d', ['echo', 'e']])
  assert.deepEqual(config.bootcmd, [['echo', 'b c']])
})

test('users are read with their options, and what is not understood is named', () => {
  const config = readCloudConfig([
    [
      'users:',
      '- default',
      '- name: ann',
      '  gecos: Ann A.',
      '  groups: [web, adm]',
      '  sudo: ALL=(ALL) NOPASSWD:ALL',
      '  ssh-authorized-keys: [ssh-ed25519 AAAA]',
      '  selinux_user: x',
      'groups: [web: [ann], empty]',
      'yum_repos: {}',
    ].join('\n'),
  ])
  assert.deepEqual(config.users, [
    {
      name: 'ann',
      options: { '--comment': 'Ann A.' },
      groups: ['web', 'adm'],
      keys: ['ssh-ed25519 AAAA'],
      sudo: ['ALL=(ALL) NOPASSWD:ALL'],
    },
  ])
  assert.deepEqual(config.groups, [
    { name: 'web', members: ['ann'] },
    { name: 'empty', members: [] },
  ])
  assert.equal(config.complaints.length, 2)
})

test('a bomb of aliases and broken YAML are complaints', () => {
  assert.match(readCloudConfig(['a: [b']).complaints[0] ?? '', /yaml/)
  assert.match(readCloudConfig(['- a']).complaints[0] ?? '', /mapping/)
})

test('power_state becomes the words of shutdown, and one without a mode is told', () => {
  const read = (text: string) => readCloudConfig([`#cloud-config\n${text}\n`])
  const later = read('power_state: {mode: reboot, delay: +5, message: bye, condition: test -e /x}')
  assert.deepEqual(later.powerState, { words: ['-r', '+5', 'bye'], condition: 'test -e /x' })
  const off = { words: ['-P', 'now'], condition: undefined }
  assert.deepEqual(read('power_state: {mode: poweroff}').powerState, off)
  assert.equal(read('power_state: {mode: halt, condition: false}').powerState, undefined)
  const wrong = read('power_state: {delay: now}')
  assert.match(wrong.complaints.join(), /mode\] required/)
})

test('bytes of YAML are bytes of a file, packed or not', () => {
  const packed = gzipSync('packed').toString('base64')
  const { files, complaints } = readCloudConfig([
    `write_files:
- path: /a
  encoding: gzip
  content: !!binary |
    ${packed}
- path: /b
  content: !!binary ${Buffer.from('plain').toString('base64')}
`,
  ])
  assert.deepEqual(complaints, [])
  assert.deepEqual(
    files.map((file) => file.content.toString()),
    ['packed', 'plain'],
  )
})

test('scripts run at every boot where the module is told so, and other modules are named', () => {
  const read = (text: string) => readCloudConfig([`cloud_final_modules:\n${text}`])
  assert.ok(read('- [scripts-user, always]\n').runsScriptsAlways)
  assert.ok(!read('- scripts-user\n').runsScriptsAlways)
  const other = read('- [phone-home, always]\n')
  assert.deepEqual(
    [other.runsScriptsAlways, other.complaints],
    [false, ['cloud_final_modules: phone-home always has no effect']],
  )
})

test('a final message tells what is so now, and keeps what stands for nothing', () => {
  const facts = { uptime: '12.50', datasource: 'DataSourceEc2' }
  assert.equal(
    finalMessage('up $UPTIME s, ${datasource}, $HOME', facts),
    'up 12.50 s, DataSourceEc2, $HOME',
  )
})
