import { noneThere } from './errors.ts'

/** For kinds of which nothing exists here: whoever names one is told that it is not there, in EC2's code for the kind. */
export function refuseNamed(ids: readonly string[] | undefined, code: string): void {
  const [first] = ids ?? []
  if (first !== undefined) throw noneThere(code, first)
}
