import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppspecError, parseAppspec } from './appspec.ts'

const good = `
version: 0.0
os: linux
files:
  - source: /
    destination: /srv/site
permissions:
  - object: /srv/site
    except: ["*.sh"]
    mode: 0644
    type: [file]
hooks:
  ApplicationStart:
    - location: scripts/start.sh
      timeout: 30
      runas: www
  AfterInstall:
`

test('a whole appspec is read', () => {
  const appspec = parseAppspec(good, 'appspec.yml')
  assert.deepEqual(appspec.files, [{ source: '/', destination: '/srv/site' }])
  assert.equal(appspec.permissions[0]?.mode, '0644')
  assert.equal(appspec.permissions[0]?.pattern, '**')
  assert.deepEqual(appspec.hooks['ApplicationStart'], [
    { location: 'scripts/start.sh', timeoutSeconds: 30, runas: 'www' },
  ])
  assert.deepEqual(appspec.hooks['AfterInstall'], [])
})

test('an error names the member and what is meant', () => {
  const bad = (text: string, message: RegExp): void =>
    assert.throws(
      () => parseAppspec(text, 'appspec.yml'),
      (thrown) => thrown instanceof AppspecError && message.test(thrown.message),
    )
  bad('version: 1.0\nos: linux', /version is "1.0"; only 0.0 exists/)
  bad('os: linux', /version is missing/)
  bad('version: 0.0\nos: windows', /os is "windows"/)
  bad('version: 0.0\nos: linux\nhooks: {AfterLunch: []}', /hooks.AfterLunch is not a lifecycle/)
  bad('version: 0.0\nos: linux\npermissions: [{object: /, acls: {}}]', /acls is not supported/)
  bad('version: 0.0\nos: linux\nfile: []', /the file has "file"/)
  bad('version: 0.0\nos: linux\nfiles: [{source: a}]', /files\[0\].destination is missing/)
  bad('version: [', /appspec.yml: /)
})
