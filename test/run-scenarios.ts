import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Runs the conformance suites and scenarios, one process a file, one at a time: they start real machines and listen on real ports.
 * As root it then runs the ordinary user's half through the account `evenkeel-test` (made by `.ci/run`), and says so where there is none.
 * `--long` adds test/long and repeats all of it; other words choose files by a part of their name; `--as-root-only` skips the second half.
 */
const root = new URL('..', import.meta.url).pathname
const words = process.argv.slice(2)
const wanted = words.filter((word) => !word.startsWith('--'))
const testAccount = 'evenkeel-test'
const isLong = words.includes('--long')

/** What depends on who runs it: machines, networks, and the main job under fire. The long run repeats everything. */
const ordinaryHalf = [
  'host',
  'gateway',
  'store',
  'website',
  'under-fire',
  'installation',
  'first-talk',
  'process-driver',
]

function filesIn(folder: string): readonly string[] {
  const path = join(root, folder)
  if (!existsSync(path)) return []
  return readdirSync(path)
    .filter((name) => name.endsWith('.test.ts'))
    .filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
    .map((name) => join(folder, name))
    .toSorted()
}

function run(
  command: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<number> {
  const [program = '', ...rest] = command
  const child = spawn(program, rest, { ...options, stdio: 'inherit' })
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
}

/** What a file may take, in milliseconds: the slowest of the suite take two minutes on a busy machine, long ones forty. */
const fileMilliseconds = `${(isLong ? 60 : 6) * 60_000}`

function nodeTest(files: readonly string[]): readonly string[] {
  const flags = ['--test-concurrency=1', '--test-reporter=spec']
  return [
    process.execPath,
    '--import=./test/harness/file-deadline.ts',
    '--test',
    ...flags,
    ...files,
  ]
}

function accountIds(name: string): { uid: string; gid: string } | undefined {
  const uid = spawnSync('id', ['-u', name], { encoding: 'utf8' })
  const gid = spawnSync('id', ['-g', name], { encoding: 'utf8' })
  if (uid.status !== 0 || gid.status !== 0) return undefined
  return { uid: uid.stdout.trim(), gid: gid.stdout.trim() }
}

/** A copy that the account can read, whatever folder the checkout is in; hard links make it quick. */
function readableCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'evenkeel-checkout-'))
  chmodSync(copy, 0o755)
  const names = readdirSync(root).filter((name) => !['.git', '.evenkeel'].includes(name))
  const linked = spawnSync('cp', ['-al', ...names, copy], { cwd: root })
  if (linked.status !== 0) spawnSync('cp', ['-a', ...names, copy], { cwd: root })
  return copy
}

async function asOrdinaryUser(files: readonly string[]): Promise<number> {
  const ids = accountIds(testAccount)
  if (!ids) {
    process.stdout.write(
      `skipped: the ordinary user's half; there is no account ${testAccount} (.ci/run makes it)\n`,
    )
    return 0
  }
  const copy = readableCopy()
  const home = mkdtempSync(join(tmpdir(), 'evenkeel-home-'))
  spawnSync('chown', ['-R', `${ids.uid}:${ids.gid}`, home])
  const ordinary = ['setpriv', `--reuid=${ids.uid}`, `--regid=${ids.gid}`, '--init-groups']
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    USER: testAccount,
    LANG: 'C.UTF-8',
    TMPDIR: home,
    EVENKEEL_TEST_FILE_MS: fileMilliseconds,
  }
  process.stdout.write(`\nthe same as the ordinary user ${testAccount}\n`)
  try {
    mkdirSync(join(home, 'tmp'), { recursive: true })
    return await run([...ordinary, ...nodeTest(files)], { cwd: copy, env })
  } finally {
    rmSync(copy, { recursive: true, force: true })
    rmSync(home, { recursive: true, force: true })
  }
}

const files = ['test/conformance', 'test/scenarios', ...(isLong ? ['test/long'] : [])].flatMap(
  filesIn,
)
if (files.length === 0) {
  process.stderr.write('no test file matches\n')
  process.exit(1)
}
const env = { ...process.env, EVENKEEL_TEST_FILE_MS: fileMilliseconds }
let failed = await run(nodeTest(files), { cwd: root, env })
if (process.getuid?.() === 0 && !words.includes('--as-root-only')) {
  const half = files.filter(
    (file) => isLong || wanted.length > 0 || ordinaryHalf.some((name) => file.includes(`/${name}`)),
  )
  if (half.length > 0) failed += await asOrdinaryUser(half)
}
process.exit(failed === 0 ? 0 : 1)
