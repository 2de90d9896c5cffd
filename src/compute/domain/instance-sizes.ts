import type { MachineLimits } from '../../protocol/machine.ts'

/** An instance type as we run it: so many processors, so much memory. */
export interface InstanceSize {
  readonly name: string
  readonly vcpus: number
  readonly memoryMebibytes: number
  readonly architecture: 'x86_64' | 'arm64'
  readonly isCurrent: boolean
}

type Step = readonly [size: string, vcpus: number, memoryGibibytes: number]

const burstable: readonly Step[] = [
  ['nano', 2, 0.5],
  ['micro', 2, 1],
  ['small', 2, 2],
  ['medium', 2, 4],
  ['large', 2, 8],
  ['xlarge', 4, 16],
  ['2xlarge', 8, 32],
]
const burstableOld: readonly Step[] = [
  ['nano', 1, 0.5],
  ['micro', 1, 1],
  ['small', 1, 2],
  ['medium', 2, 4],
  ['large', 2, 8],
  ['xlarge', 4, 16],
  ['2xlarge', 8, 32],
]
/** large, xlarge and 2xlarge with so much memory for each processor. */
const fixed = (gibibytesEach: number): readonly Step[] => [
  ['large', 2, 2 * gibibytesEach],
  ['xlarge', 4, 4 * gibibytesEach],
  ['2xlarge', 8, 8 * gibibytesEach],
]
const fixedFromMedium = (gibibytesEach: number): readonly Step[] => [
  ['medium', 1, gibibytesEach],
  ...fixed(gibibytesEach),
]

/** From AWS's pages of instance types; the common families up to 2xlarge. */
const families: readonly (readonly [family: string, steps: readonly Step[], kind: string])[] = [
  ['t1', [['micro', 1, 0.613]], 'old'],
  ['t2', burstableOld, ''],
  ['t3', burstable, ''],
  ['t3a', burstable, ''],
  ['t4g', burstable, 'arm'],
  [
    'm1',
    [
      ['small', 1, 1.7],
      ['medium', 1, 3.75],
      ['large', 2, 7.5],
      ['xlarge', 4, 15],
    ],
    'old',
  ],
  [
    'm3',
    [
      ['medium', 1, 3.75],
      ['large', 2, 7.5],
      ['xlarge', 4, 15],
      ['2xlarge', 8, 30],
    ],
    'old',
  ],
  ['m4', fixed(4), ''],
  ['m5', fixed(4), ''],
  ['m5a', fixed(4), ''],
  ['m6a', fixed(4), ''],
  ['m6i', fixed(4), ''],
  ['m6g', fixedFromMedium(4), 'arm'],
  ['m7a', fixedFromMedium(4), ''],
  ['m7i', fixed(4), ''],
  ['m7g', fixedFromMedium(4), 'arm'],
  ['c1', [['medium', 2, 1.7]], 'old'],
  ['c3', fixed(1.875), 'old'],
  ['c4', fixed(1.875), ''],
  ['c5', fixed(2), ''],
  ['c5a', fixed(2), ''],
  ['c6a', fixed(2), ''],
  ['c6i', fixed(2), ''],
  ['c6g', fixedFromMedium(2), 'arm'],
  ['c7a', fixedFromMedium(2), ''],
  ['c7i', fixed(2), ''],
  ['c7g', fixedFromMedium(2), 'arm'],
  ['r3', fixed(7.625), 'old'],
  ['r4', fixed(7.625), ''],
  ['r5', fixed(8), ''],
  ['r5a', fixed(8), ''],
  ['r6a', fixed(8), ''],
  ['r6i', fixed(8), ''],
  ['r6g', fixedFromMedium(8), 'arm'],
  ['r7a', fixedFromMedium(8), ''],
  ['r7i', fixed(8), ''],
  ['r7g', fixedFromMedium(8), 'arm'],
]

/** By name, `t3.micro`. */
export const instanceSizes: ReadonlyMap<string, InstanceSize> = new Map(
  families.flatMap(([family, steps, kind]) =>
    steps.map(([size, vcpus, memoryGibibytes]): [string, InstanceSize] => {
      const name = `${family}.${size}`
      const memoryMebibytes = Math.round(memoryGibibytes * 1024)
      const architecture = kind === 'arm' ? 'arm64' : 'x86_64'
      return [name, { name, vcpus, memoryMebibytes, architecture, isCurrent: kind !== 'old' }]
    }),
  ),
)

/** Enough for a busy web server, and an end to fork bombs. */
const processesMax = 4096

export function limitsOf(size: InstanceSize): MachineLimits {
  return { memoryBytes: size.memoryMebibytes * 2 ** 20, cpus: size.vcpus, processesMax }
}
