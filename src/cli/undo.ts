/** What must not stay behind when a command fails or is interrupted. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs the work; when it fails, or a signal ends the process, `undo` runs first. A signal is seen when the work waits for something:
 * work that never does has to let the event loop turn (`Pulse.beat`).
 */
export async function orUndone<T>(undo: () => void, work: () => Promise<T>): Promise<T> {
  const release = (): void => {
    for (const signal of SIGNALS) process.removeListener(signal, interrupted)
  }
  function interrupted(signal: NodeJS.Signals): void {
    release()
    undo()
    process.kill(process.pid, signal)
  }
  for (const signal of SIGNALS) process.on(signal, interrupted)
  try {
    return await work()
  } catch (error) {
    undo()
    throw error
  } finally {
    release()
  }
}
