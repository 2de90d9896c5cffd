import { spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { randomUUID } from 'node:crypto'
import { quotedWord } from '../../kernel/shell-word.ts'

export interface ToolAnswer {
  readonly code: number
  readonly output: string
  readonly errors: string
}

/**
 * A shell that waits for commands, one at a time. It starts a program in a tenth of the time that this process would take, which has its
 * whole memory to copy for that and stands still meanwhile.
 */
export class ToolShell {
  readonly #child
  /** Separates what commands say; nothing that they say holds it. */
  readonly #mark = randomUUID()
  #underWay: { output: string; errors: string; finish(): void } | undefined
  #isEnded = false

  constructor(environment: NodeJS.ProcessEnv) {
    this.#child = spawn('sh', [], { cwd: '/', env: environment, stdio: ['pipe', 'pipe', 'pipe'] })
    this.#child.once('error', () => this.#ended())
    this.#child.once('close', () => this.#ended())
    this.#child.unref()
    // Without descriptors for it there are no streams either.
    const streams = (this.#child.stdio as readonly unknown[] as readonly Socket[] | undefined) ?? []
    const [stdin, stdout, stderr] = streams
    if (!stdin) this.#isEnded = true
    stdin?.on('error', () => undefined)
    stdout?.setEncoding('utf8').on('data', (text: string) => this.#heard('output', text))
    stderr?.setEncoding('utf8').on('data', (text: string) => this.#heard('errors', text))
    for (const stream of streams) stream.unref()
  }

  get isEnded(): boolean {
    return this.#isEnded
  }

  /** Undefined when the shell ended before its command. */
  run(words: readonly string[], input: string): Promise<ToolAnswer | undefined> {
    const { stdin, stdout, stderr } = this.#child
    return new Promise((resolve) => {
      if (this.#isEnded) return resolve(undefined)
      const streams = [stdout, stderr] as readonly unknown[] as readonly Socket[]
      for (const stream of streams) stream.ref()
      const finish = (): void => {
        const { output, errors } = this.#underWay ?? { output: '', errors: '' }
        const said = new RegExp(`\n${this.#mark} (\\d+)\n$`).exec(output)
        const isWhole = said !== null && errors.endsWith(`\n${this.#mark}\n`)
        if (!isWhole && !this.#isEnded) return
        this.#underWay = undefined
        for (const stream of streams) stream.unref()
        if (!isWhole) return resolve(undefined)
        const [end] = said
        resolve({
          code: Number(said[1]),
          output: output.slice(0, -end.length),
          errors: errors.slice(0, -(this.#mark.length + 2)),
        })
      }
      this.#underWay = { output: '', errors: '', finish }
      stdin.write(this.#script(words, input))
    })
  }

  /** Lets it go. */
  end(): void {
    this.#child.stdin?.end()
  }

  #script(words: readonly string[], input: string): string {
    const command = words.map(quotedWord).join(' ')
    const fed = input === '' ? `${command} < /dev/null` : `${command} << '${this.#mark}'`
    const text = input === '' ? '' : `${input.replace(/\n?$/, '\n')}${this.#mark}\n`
    const end = `printf '\\n%s %s\\n' ${this.#mark} $?; printf '\\n%s\\n' ${this.#mark} >&2\n`
    return `${fed}\n${text}${end}`
  }

  #heard(which: 'output' | 'errors', text: string): void {
    if (!this.#underWay) return
    this.#underWay[which] += text
    this.#underWay.finish()
  }

  #ended(): void {
    this.#isEnded = true
    this.#underWay?.finish()
  }
}
