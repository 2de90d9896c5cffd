import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faceOf, machineOf, networkOf, shell, type HostWorld } from './host-world.ts'

export interface IsolationOptions {
  /** Folders of the host machine that no machine may see. */
  readonly hidden: readonly string[]
}

/** What a machine cannot do, of drivers that isolate. */
export function isolationConformance(
  name: string,
  open: () => Promise<HostWorld>,
  options: () => IsolationOptions,
): void {
  const tries = (
    title: string,
    body: (
      run: (script: string, user?: string) => ReturnType<typeof shell>,
      world: HostWorld,
    ) => Promise<void>,
  ): void => {
    test(`${name}: ${title}`, async () => {
      const world = await open()
      const { compute, network } = world
      await network.apply(networkOf('vpc-isolation', [faceOf('i-cell', '10.0.1.9')]))
      await compute.launch(machineOf('i-cell', 'vpc-isolation'))
      await body((script, user) => shell(compute, 'i-cell', script, user), world)
    })
  }

  tries('the host machine’s folders are not there', async (run) => {
    for (const folder of options().hidden)
      assert.notEqual((await run(`ls -d '${folder}'`)).exitCode, 0, folder)
    assert.equal((await run('ls -A /root')).output, '')
  })

  tries('only its own processes are seen', async (run) => {
    const { output } = await run('ls /proc | grep -c "^[0-9]"')
    assert.ok(Number(output) < 12, output)
  })

  tries('root may not mount, load modules, make devices or set the clock', async (run) => {
    const attempts = [
      'mount -t tmpfs t /mnt',
      'mknod /tmp/disk b 254 0',
      'date -s 2001-01-01',
      'hostname other',
    ]
    for (const attempt of attempts) assert.notEqual((await run(attempt)).exitCode, 0, attempt)
    assert.match((await run('grep CapBnd /proc/self/status')).output, /00000000a00425fb$/)
  })

  tries('the kernel’s controls and the platform’s folders are read-only', async (run) => {
    const writes = [
      '/proc/sys/kernel/panic',
      '/sys/kernel/profiling',
      '/usr/evenkeel',
      '/opt/evenkeel/bin/node',
      '/dev/evenkeel',
    ]
    for (const path of writes) assert.notEqual((await run(`echo 1 > ${path}`)).exitCode, 0, path)
    assert.equal((await run('cat /proc/kcore /proc/keys 2>/dev/null | wc -c')).output, '0')
  })

  tries('another user gains nothing', async (run, world) => {
    if (!world.hasUsers) {
      assert.match((await run('id', 'www-data')).output, /no user but root/)
      return
    }
    assert.equal((await run('id -u', 'www-data')).output, '33')
    assert.match(
      (await run('grep CapEff /proc/self/status', 'www-data')).output,
      /0000000000000000$/,
    )
    assert.notEqual((await run('cat /etc/shadow', 'www-data')).exitCode, 0)
  })
}
