/** Where libyaml stops, and how much it has said by then: its scanner runs ahead of its parser by a token or more. */

/** A place in the text at which it stops. */
export interface Stop {
  readonly at: number
  readonly why: string
  /** of the package `yaml` */
  readonly code: string
}

/** Where the token starts that is in the way. */
export function placeOf(text: string, at: number): number {
  const spaces = /^ */.exec(text.slice(at))?.[0].length ?? 0
  return at + spaces
}

/** Whether the scanner itself stops, so that the parser never hears that the line ends what stands further right. */
export function isEarly(text: string, { at, code, why }: Stop): boolean {
  const token = text.slice(placeOf(text, at))
  if (code === 'BAD_SCALAR_START') return /^[@`]/.test(token)
  if (code === 'MULTILINE_IMPLICIT_KEY' || why.startsWith('Implicit map keys')) return !/^["'*&!{[|>%]/.test(token)
  return code === 'BAD_DQ_ESCAPE' || code === 'TAB_AS_INDENT' || why.startsWith('Missing closing')
}

/** A tab where a key of a block could start; YAML 1.2 takes it as a space. */
const TAB = /^( *(?:[-?] +)*(?:[-?] *)?)\t/gm

/** The first such tab that is not part of a scalar or of something in brackets. */
export function tabsIn(text: string, events: readonly { readonly at: number; readonly end: number }[]): Stop | undefined {
  for (const { index, 1: before = '' } of text.matchAll(TAB)) {
    const at = index + before.length
    if (!events.some(event => event.at < at && at < event.end))
      return { at, why: 'a tab where a token has to start', code: 'TAB_AS_INDENT' }
  }
  return undefined
}

const SURROGATE = /(?<!\\)(?:\\\\)*\\(?:u|U0000)[dD][89a-fA-F][0-9a-fA-F]{2}/

/** A scalar in double quotes with the escape of half a character, which is none to libyaml even beside the other half. */
export function badEscape(
  text: string,
  events: readonly { readonly type: string; readonly at: number; readonly end: number }[],
): Stop | undefined {
  for (const { type, at, end } of events) {
    const found = type === 'scalar' && text[at] === '"' ? SURROGATE.exec(text.slice(at, end)) : null
    if (found !== null) return { at: at + found.index, why: 'an escape that is no character', code: 'BAD_DQ_ESCAPE' }
  }
  return undefined
}

/** A directive that libyaml refuses, in front of a document: versions other than 1.1 and 1.2, names that it does not know. */
export function badDirective(text: string): Stop | undefined {
  const [head = ''] = /^(?:(?:%.*|#.*|[ ]*)\n)*/.exec(text) ?? []
  for (const { index, 0: line } of head.matchAll(/^%.*/gm))
    if (!/^%(?:YAML[ \t]+1\.[12]|TAG[ \t]+\S+[ \t]+\S+)[ \t]*(?:#.*)?$/.test(line))
      return { at: index, why: 'a directive that it does not know', code: 'BAD_DIRECTIVE' }
  return undefined
}
