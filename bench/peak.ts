/** How much memory a process has had. */
import { readFileSync } from 'node:fs'

const KIB = 1024

/**
 * Most bytes of memory that this process ever had. Where the system tells it, of this program alone: the other number counts what the parent process had when it made this one, too.
 */
export function peak(): number {
  try {
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * KIB
  } catch {
    return process.resourceUsage().maxRSS * KIB
  }
}
