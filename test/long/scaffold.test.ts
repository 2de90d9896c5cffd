import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

const root = new URL('../..', import.meta.url).pathname

/** A copy of what the scaffolds write into, with the real packages. */
function copyOfTree(): string {
  const copy = mkdtempSync(join(tmpdir(), 'evenkeel-scaffold-'))
  const names = readdirSync(root).filter(
    (name) => !['.git', '.evenkeel', 'node_modules'].includes(name),
  )
  const copied = spawnSync('cp', ['-a', ...names, copy], { cwd: root })
  assert.equal(copied.status, 0, String(copied.stderr))
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

test('what the scaffolder makes compiles, is formatted and passes the checks of the house', () => {
  const copy = copyOfTree()
  const run = (program: string, ...rest: readonly string[]) => {
    const done = spawnSync(program, rest, { cwd: copy, encoding: 'utf8' })
    assert.equal(done.status, 0, `${program} ${rest.join(' ')}\n${done.stdout}${done.stderr}`)
  }
  const scaffold = (...words: readonly string[]) => run(process.execPath, 'tools/new.ts', ...words)
  try {
    scaffold('operation', 'sts', 'GetFederationToken')
    scaffold('service', 'route53', 'ListHostedZones')
    scaffold('operation', 'route53', 'GetHostedZone')
    scaffold('reconciler', 'scale', 'idle-groups')
    scaffold('driver', 'compute/driver.ts', 'lxc')
    run('npx', 'tsc', '--noEmit')
    run('npx', 'oxfmt', 'src/services/sts', 'src/services/route53', 'src/scale', 'src/drivers/lxc')
    run('npx', 'oxlint', '--type-aware', 'src/services/route53', 'src/scale', 'src/drivers/lxc')
    run(
      process.execPath,
      '--test',
      '--test-isolation=none',
      'src/scale/idle-groups-reconciler.test.ts',
    )
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
})

test('what cannot be made is told, and nothing is written', () => {
  const refused = (...words: readonly string[]) => {
    const done = spawnSync(process.execPath, ['tools/new.ts', ...words], {
      cwd: root,
      encoding: 'utf8',
    })
    assert.notEqual(done.status, 0)
    return done.stderr
  }
  assert.match(refused('operation', 'sqs', 'CreateQueue'), /is there already/)
  assert.match(refused('operation', 'sqs', 'MakeQueue'), /sqs has no operation MakeQueue/)
  assert.match(refused('service', 'nonesuch', 'X'), /there is no model nonesuch/)
  assert.match(refused('reconciler', 'nowhere', 'x'), /there is no room nowhere/)
  assert.match(refused('driver', 'compute/none.ts', 'x'), /there is no contract/)
  assert.match(refused('everything'), /^usage/)
})
