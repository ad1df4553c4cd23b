/** What a reader has opened. It outlives the nodes: outputs are redrawn while they stream, and when scrolled out of sight. */

export class Memory {
  /** Whether the list of steps is open; undefined until the reader has chosen. */
  steps: boolean | undefined;
  /** The row that the Tab key reaches. */
  focus: string | null = null;
  /** How many rows may be built. */
  shown = FIRST_ROWS;
  private readonly opened = new Map<string, boolean>();

  /** Whether a row or a fold is open. */
  isOpen(key: string, byDefault: boolean): boolean {
    return this.opened.get(key) ?? byDefault;
  }

  /** Whoever looks into a step of a running trace still wants to see it when the run has ended. */
  setOpen(key: string, open: boolean): void {
    this.steps ??= true;
    this.opened.set(key, open);
  }
}

export const FIRST_ROWS = 200;

const MOST_TRACES = 200;
const memories = new Map<string, Memory>();

/** The memory of a run. The oldest are forgotten. */
export function memoryOf(traceId: string): Memory {
  const memory = memories.get(traceId) ?? new Memory();
  memories.delete(traceId);
  memories.set(traceId, memory);
  const oldest = memories.keys().next();
  if (memories.size > MOST_TRACES && !oldest.done) memories.delete(oldest.value);
  return memory;
}
