/**
 * A notebook as JupyterLab's page has it open: a session of the server, and a websocket to its kernel. No browser.
 *
 * @module
 */
import type { Lab } from "../../lib/lab/mod.ts";

/** What a kernel sends, as far as it matters here. */
interface Message {
  readonly msg_type: string;
  readonly parent_header: { readonly msg_id?: string };
  readonly content: {
    readonly status?: string;
    readonly text?: string;
    readonly ename?: string;
    readonly evalue?: string;
    readonly execution_state?: string;
  };
}

/** A cell that was sent, until it has ended. */
interface Running {
  text: string;
  /** The reply and "idle" come on two channels, in any order. */
  replied: boolean;
  idle: boolean;
  error: string | undefined;
  readonly ended: PromiseWithResolvers<string>;
}

/** Who has not answered after this long never will. */
const DEAF_MS = 90_000;

/** One open notebook with a kernel of its own. */
export class NotebookPage {
  readonly #server: URL;
  readonly #token: string;
  readonly #running = new Map<string, Running>();
  #socket: WebSocket | undefined;
  #session = "";
  /** The server's name for the kernel. */
  kernel = "";

  private constructor({ url }: Lab) {
    this.#server = new URL("/", url);
    this.#token = new URL(url).searchParams.get("token")!;
  }

  /** Opens a notebook: starts its kernel and listens to it. The file need not be there. */
  static async open(lab: Lab, path: string): Promise<NotebookPage> {
    const page = new NotebookPage(lab);
    const { id, kernel } = await page.#ask("POST", "api/sessions", {
      ...{ path, name: path, type: "notebook", kernel: { name: "deno" } },
    }) as { readonly id: string; readonly kernel: { readonly id: string } };
    [page.#session, page.kernel] = [id, kernel.id];
    await page.#connect();
    return page;
  }

  /** Runs a cell; gives what it printed. Cells that are sent at once wait for each other. @throws {Error} What the cell threw */
  async run(code: string): Promise<string> {
    const id = this.#send("execute_request", {
      ...{ code, silent: false, store_history: true, user_expressions: {} },
      ...{ allow_stdin: false, stop_on_error: true },
    });
    const ended = Promise.withResolvers<string>();
    this.#running.set(id, { text: "", replied: false, idle: false, error: undefined, ended });
    return await inTime(ended.promise, "the cell's end");
  }

  /** The kernel's process. */
  async pid(): Promise<number> {
    const said = await this.run("console.log(`pid ${Deno.pid}`);");
    return Number(said.match(/pid (\d+)/)?.[1]);
  }

  /** Loads the page again: the websocket goes, the kernel stays, another websocket comes. */
  async reload(): Promise<void> {
    await this.#disconnect();
    await this.#connect();
  }

  /** Kernel > Restart, after which JupyterLab connects again, too. */
  async restart(): Promise<void> {
    await this.#ask("POST", `api/kernels/${this.kernel}/restart`);
    await this.reload();
  }

  /** Closes the notebook and shuts its kernel down. */
  async shutDown(): Promise<void> {
    await this.#disconnect();
    await this.#ask("DELETE", `api/sessions/${this.#session}`);
  }

  async #connect(): Promise<void> {
    const url = new URL(`api/kernels/${this.kernel}/channels`, this.#server);
    url.protocol = "ws:";
    url.search = `${new URLSearchParams({ session_id: this.#session, token: this.#token })}`;
    const socket = this.#socket = new WebSocket(url);
    const opened = Promise.withResolvers<void>();
    socket.onopen = () => opened.resolve();
    socket.onerror = () => opened.reject(new Error("Cannot connect to the kernel's websocket"));
    await inTime(opened.promise, "the kernel's websocket");
    const ready = Promise.withResolvers<void>();
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data) as Message;
      if (message.msg_type === "kernel_info_reply") ready.resolve();
      this.#hear(message);
    };
    this.#send("kernel_info_request", {});
    await inTime(ready.promise, "the kernel's first word");
  }

  async #disconnect(): Promise<void> {
    const socket = this.#socket!, closed = Promise.withResolvers<void>();
    socket.onclose = () => closed.resolve();
    socket.close();
    await inTime(closed.promise, "the websocket's end");
  }

  #send(kind: string, content: object): string {
    const id = crypto.randomUUID();
    const header = {
      ...{ msg_id: id, msg_type: kind, username: "learner", session: this.#session },
      ...{ version: "5.3", date: new Date().toISOString() },
    };
    this.#socket!.send(JSON.stringify({
      ...{ channel: "shell", header, parent_header: {}, metadata: {}, content, buffers: [] },
    }));
    return id;
  }

  #hear({ msg_type, parent_header, content }: Message): void {
    const id = parent_header.msg_id ?? "", cell = this.#running.get(id);
    if (!cell) return;
    if (msg_type === "stream") cell.text += content.text ?? "";
    if (msg_type === "error") cell.error = `${content.ename}: ${content.evalue}`;
    if (msg_type === "status") cell.idle ||= content.execution_state === "idle";
    if (msg_type === "execute_reply") {
      cell.replied = true;
      if (content.status !== "ok") cell.error ??= `${content.ename ?? "it does not parse"}`;
    }
    if (!cell.idle || !cell.replied) return;
    this.#running.delete(id);
    if (cell.error === undefined) cell.ended.resolve(cell.text);
    else cell.ended.reject(new Error(`A cell failed: ${cell.error}`));
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(new URL(path, this.#server), {
      method,
      headers: { authorization: `token ${this.#token}` },
      signal: AbortSignal.timeout(DEAF_MS),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`Cannot ${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }
}

async function inTime<T>(promise: Promise<T>, what: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`Cannot wait any longer for ${what}`)),
    DEAF_MS,
  );
  return await Promise.race([promise, late.promise]).finally(() => clearTimeout(timer));
}
