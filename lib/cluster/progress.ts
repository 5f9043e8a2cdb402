/** What is happening now; `fraction` (0 to 1) only where a bar makes sense. */
export interface Progress {
  readonly text: string;
  readonly fraction?: number;
}

/** Told what happens while a cluster comes up. */
export type OnProgress = (progress: Progress) => void;
