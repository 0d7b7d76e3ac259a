import { ApiError } from '../../api/client';
import type { JsonObject } from '../../api/types';

/** A draft as the server has it. */
export interface StoredDraft {
  revision: number;
  definition: JsonObject;
  author: string;
  updatedAt: string;
}

export type SaveState =
  | { kind: 'saved' }
  | { kind: 'unsaved' }
  | { kind: 'saving' }
  /** It could not be saved; it is tried again, unless the server refused it. */
  | { kind: 'failing'; message: string; isRefused: boolean }
  /** Somebody else saved meanwhile; nothing is saved until the person has chosen. Null: there is no draft any more. */
  | { kind: 'conflict'; theirs: StoredDraft | null };

interface Options {
  put: (definition: JsonObject, revision: number | null) => Promise<{ revision: number }>;
  onState: (state: SaveState) => void;
  delay?: number;
  retry?: number;
}

/** Per open flow: saves its draft a moment after each change, one save at a time, and never over what somebody else saved. No DOM. */
export class DraftSaver {
  private readonly options: Required<Options>;
  private state: SaveState = { kind: 'saved' };
  private pending: JsonObject | undefined;
  private running: Promise<void> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;

  constructor(
    options: Options,
    /** Null: there is no draft yet. */
    private revisionNow: number | null,
  ) {
    this.options = { delay: 1000, retry: 3000, ...options };
  }

  get revision(): number | null {
    return this.revisionNow;
  }

  get current(): SaveState {
    return this.state;
  }

  get isClean(): boolean {
    return this.pending === undefined && this.state.kind === 'saved';
  }

  /** Takes note of a change; it is saved when no other follows within a second. */
  change(definition: JsonObject): void {
    this.pending = definition;
    if (this.state.kind === 'conflict') return;
    if (!this.running) this.become({ kind: 'unsaved' });
    this.failures = 0;
    this.schedule(this.options.delay);
  }

  /** Saves now what is not saved yet. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    if (this.state.kind === 'conflict') return;
    while (this.running) await this.running;
    if (this.pending === undefined || this.isConflict()) return;
    this.running = this.save(this.pending);
    await this.running;
  }

  /** Goes on from what the server has: after theirs was taken, a publish, or a discard. */
  reset(revision: number | null): void {
    clearTimeout(this.timer);
    this.pending = undefined;
    this.revisionNow = revision;
    this.become({ kind: 'saved' });
  }

  /** After a conflict: saves what the person has on top of what the other one saved. */
  async keepMine(mine: JsonObject): Promise<void> {
    if (this.state.kind !== 'conflict') return;
    this.revisionNow = this.state.theirs?.revision ?? null;
    this.pending = mine;
    this.become({ kind: 'unsaved' });
    await this.flush();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private isConflict(): boolean {
    return this.state.kind === 'conflict';
  }

  private schedule(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), delay);
  }

  private async save(definition: JsonObject): Promise<void> {
    this.become({ kind: 'saving' });
    try {
      const { revision } = await this.options.put(definition, this.revisionNow);
      this.revisionNow = revision;
      this.failures = 0;
      if (this.pending === definition) this.pending = undefined;
      this.become(this.pending === undefined ? { kind: 'saved' } : { kind: 'unsaved' });
    } catch (error) {
      this.fail(error);
    } finally {
      this.running = undefined;
      if (this.pending !== undefined && this.state.kind === 'unsaved') this.schedule(this.options.delay);
    }
  }

  private fail(error: unknown): void {
    if (error instanceof ApiError && error.status === 409) {
      this.become({ kind: 'conflict', theirs: (error.body['current'] as StoredDraft | null | undefined) ?? null });
      return;
    }
    const isRefused = error instanceof ApiError && error.status >= 400 && error.status < 500 && ![401, 408, 429].includes(error.status);
    this.become({ kind: 'failing', message: error instanceof Error ? error.message : String(error), isRefused });
    // The server may be away for a while; what was entered waits here. What it refuses, it would refuse again.
    if (!isRefused) this.schedule(Math.min(this.options.retry * 2 ** this.failures++, 30_000));
  }

  private become(state: SaveState): void {
    this.state = state;
    this.options.onState(state);
  }
}
