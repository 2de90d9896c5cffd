import type { SourceNode } from './source-node.ts'

/** What is wrong with a template or its parameters, in AWS's words where AWS has a fixed text: the caller's ValidationError. */
export class TemplateProblem extends Error {
  override readonly name = 'TemplateProblem'
}

/** `at` gives the line that a person has to look at; 0 where lines are not known. */
export function problem(message: string, at?: SourceNode): TemplateProblem {
  return new TemplateProblem(at && at.line > 0 ? `${message} (line ${at.line})` : message)
}

/** A problem of the template's shape: `Template format error: …`. */
export function formatProblem(message: string, at?: SourceNode): TemplateProblem {
  return problem(`Template format error: ${message}`, at)
}

/** A problem of a function's use: `Template error: …`. */
export function functionProblem(message: string, at?: SourceNode): TemplateProblem {
  return problem(`Template error: ${message}`, at)
}
