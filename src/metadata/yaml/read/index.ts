/**
 * `famfs-wire/yaml`: reading shadow files, which the reference writes and its daemon reads: what that reader says, and everything to object
 * to. Runs in a browser.
 */

import { checkBytes } from '../../../codec/input.ts'
import { sealSlot } from '../../build/slots.ts'
import { type Entry, entryIn } from '../../entry.ts'
import { today } from '../../reference/superblock.ts'
import { eventsOf } from './events.ts'
import { findingsOf, type YamlFinding } from './findings.ts'
import { type Ending, readEvents } from './reader.ts'
import { byteAt, placeAt, type Text, textOf } from './text.ts'
import { treeOf } from './tree.ts'

export { yamlRules } from '../../rules/yaml.ts'
export type { YamlFinding } from './findings.ts'

/** What the reader of the reference's daemon says of a shadow file. */
export interface ShadowVerdict {
  /**
   * 0: accepted. -1: YAML that it does not expect, or that is none; -22 (EINVAL): a key that it does not know, a count that is wrong, an extent
   * that lacks something; -75 (EOVERFLOW): too many extents. `undefined`: it uses memory that it never set, or that is not its own. `endless`: it
   * never returns, and the daemon hangs
   */
  readonly rc: number | 'undefined' | 'endless'
  /** why and where it gives up: byte in the file, line and column from 1 */
  readonly why?: string
  readonly offset?: number
  readonly line?: number
  readonly column?: number
}

/** A shadow file, read. */
export interface ShadowReading {
  readonly verdict: ShadowVerdict
  /**
   * What it describes, where the reader accepts it: an entry of a log of today, sealed as the first one. `fileOf`, `mapOfEntry` and
   * `fmapOfEntry` of `famfs-wire/metadata` take it
   */
  readonly entry: Entry | undefined
  readonly findings: readonly YamlFinding[]
}

function verdictOf(text: Text, ending: Ending): ShadowVerdict {
  if (!('why' in ending)) return ending
  const { rc, why, at } = ending
  return { rc, why, offset: byteAt(text, at), ...placeAt(text, at) }
}

/**
 * Reads a shadow file as the reference's daemon does, and as a careful reader would. The text is taken apart by the package `yaml`; in a text
 * that is no YAML the reader's code can be -22 where -1 is said, or -1 where -22 is, and a quoted text of several lines that starts further
 * left than its key is refused, though libyaml takes it. facts: metadata 5, shadow YAML
 *
 * @param bytes the whole file; the daemon reads its first 16384 bytes, up to a NUL
 * @throws WireError range when the text is nested deeper than 64 levels
 */
export function readShadowYaml(bytes: Uint8Array): ShadowReading {
  checkBytes(bytes)
  const text = textOf(bytes)
  const events = [...eventsOf(text)]
  const { ending, slot } = readEvents(events)
  const entry = ending.rc === 0 ? entryIn(today, sealSlot(today, slot, 0), 0, 0) : undefined
  return { verdict: verdictOf(text, ending), entry, findings: findingsOf(text, treeOf(events)) }
}
