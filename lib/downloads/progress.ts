/** What is happening now; `fraction` (0 to 1) only where a bar makes sense. */
export interface Progress {
  /** One line for people, without a full stop. */
  readonly text: string;
  /** How much of this step is done, from 0 to 1. */
  readonly fraction?: number;
}

/** Told what happens while a cluster comes up. */
export type OnProgress = (progress: Progress) => void;
