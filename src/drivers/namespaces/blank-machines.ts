import { spawn, type ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { toolEnvironment } from './run-command.ts'

/** A first process in a machine's namespaces. It waits on `words` for the folder of the machine that it becomes, and ends with them. */
export interface BlankMachine {
  readonly child: ChildProcess
  readonly words: Socket
}

/** A group's instances in three zones start from the stock; a blank is some 2 MiB. */
const stockSize = 3
/** New ones are made when no machine was started for so long: they take what a starting machine wants, a processor. */
const quietMilliseconds = 400

const stageScript = fileURLToPath(new URL('scripts/stage.sh', import.meta.url))
const namespaces = ['--net', '--mount', '--pid', '--fork', '--uts', '--ipc', '--kill-child']
/** The descriptor of `words` in the blank. */
const wordsDescriptor = 4

/**
 * Machines that nobody asked for yet. To make namespaces takes longer than all that follows: a launch finds them made. They end
 * with the host process.
 */
export class BlankMachines {
  readonly #fstab: string
  readonly #stock = new Set<BlankMachine>()
  #filling: NodeJS.Timeout | undefined

  /** `fstab`: what each of them mounts. */
  constructor(fstab: string) {
    this.#fstab = fstab
    this.#fillInQuiet()
  }

  /** One of the stock, else a new one. It may turn out not to have started: its child says so. */
  take(): BlankMachine {
    this.#fillInQuiet()
    const [blank] = this.#stock
    if (!blank) return makeBlank(this.#fstab)
    this.#stock.delete(blank)
    blank.child.unref()
    return blank
  }

  /** Resolves when none is left. */
  async close(): Promise<void> {
    clearTimeout(this.#filling)
    await Promise.all(
      [...this.#stock].map(
        ({ child, words }) =>
          new Promise((resolve) => {
            child.once('exit', resolve).ref()
            words.destroy()
          }),
      ),
    )
  }

  #fillInQuiet(): void {
    clearTimeout(this.#filling)
    this.#filling = setTimeout(() => this.#fill(), quietMilliseconds).unref()
  }

  #fill(): void {
    if (this.#stock.size >= stockSize) return
    const blank = makeBlank(this.#fstab)
    this.#stock.add(blank)
    // One that ends by itself is not made again and again: the next launch says why.
    const forget = (): void => {
      if (this.#stock.delete(blank)) clearTimeout(this.#filling)
    }
    blank.child.once('exit', forget).once('error', forget)
    this.#fillInQuiet()
  }
}

/** Until it is a machine, what goes wrong is told in the host's own log. */
function makeBlank(fstab: string): BlankMachine {
  const stage = ['--propagation', 'slave', 'sh', stageScript, fstab]
  const child = spawn('unshare', [...namespaces, ...stage], {
    cwd: '/',
    detached: true,
    env: { PATH: toolEnvironment['PATH'], LANG: 'C.UTF-8' },
    stdio: ['ignore', 'ignore', 'inherit', 'ignore', 'pipe'],
  })
  // Who takes it hears of its own errors; without descriptors there are no streams either.
  child.once('error', () => undefined).unref()
  const words = (child.stdio?.[wordsDescriptor] as Socket | undefined) ?? new Socket()
  // A machine that ended already says so by itself.
  words.on('error', () => undefined).unref()
  return { child, words }
}
