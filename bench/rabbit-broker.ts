import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openAmqp } from './amqp-line.ts'
import type { Peer } from './peer-brokers.ts'
import { freePort } from './peer-sockets.ts'
import { body } from './sqs-rounds.ts'

const queue = 'jobs'

/** A node of its own, with its own port mapper: both are gone when it stops. */
export async function rabbit(program: string): Promise<Peer> {
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-bench-rabbit-'))
  const [port, distribution, mapper] = [await freePort(), await freePort(), await freePort()]
  await writeFile(join(folder, 'plugins'), '[].\n')
  const environment = {
    PATH: process.env['PATH'],
    HOME: folder,
    ERL_EPMD_PORT: `${mapper}`,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: 'bench@localhost',
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: `${port}`,
    RABBITMQ_DIST_PORT: `${distribution}`,
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_CONFIG_FILE: join(folder, 'none'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
  }
  const portMapper = spawn('epmd', [], { stdio: 'ignore', env: environment })
  const server = spawn(program, [], { stdio: 'ignore', env: environment })
  const gone = new Promise((resolve) => server.once('exit', resolve))
  const stop = async (): Promise<void> => {
    // The program is a script that waits for the node, whose pid is written down.
    process.kill(Number(await readFile(environment.RABBITMQ_PID_FILE, 'utf8')), 'SIGKILL')
    await gone
    portMapper.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const first = await openAmqp(port)
    await first.declareQueue(queue, 'quorum')
    first.close()
  } catch (thrown) {
    await stop()
    throw thrown
  }
  return {
    name: 'RabbitMQ quorum queue, confirmed',
    async connect() {
      const line = await openAmqp(port)
      return {
        async send(count) {
          await line.publish(queue, Array<string>(count).fill(body))
          return count
        },
        take: () => line.take(queue, 10),
        close: () => line.close(),
      }
    },
    stop,
  }
}
