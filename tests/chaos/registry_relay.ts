/**
 * A door before the registry that can be shut in several ways.
 *
 * @module
 */

/** What comes of a request: the registry's answer, no connection, no answer, HTTP 500, or a page. */
export type RegistryMood = "well" | "away" | "hung" | "500" | "html";

/** Stands before a registry, at one address of its own. */
export class RegistryRelay implements AsyncDisposable {
  #mood: RegistryMood = "well";
  /** Resolves when those that hang are let go. */
  #well = Promise.withResolvers<void>();
  #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #port: number;

  constructor(readonly registryUrl: string) {
    this.#server = this.#serve(0);
    this.#port = this.#server.addr.port;
  }

  /** Base URL to give to a client. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}${new URL(this.registryUrl).pathname}`;
  }

  /** Changes how it answers from now on. */
  async become(mood: RegistryMood): Promise<void> {
    const was = this.#mood;
    this.#mood = mood;
    this.#well.resolve();
    this.#well = Promise.withResolvers();
    if (mood === "away") await this.#server.shutdown();
    else if (was === "away") this.#server = this.#serve(this.#port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#well.resolve();
    if (this.#mood !== "away") await this.#server.shutdown();
  }

  #serve(port: number): Deno.HttpServer<Deno.NetAddr> {
    const options = { hostname: "127.0.0.1", port, onListen: () => {} };
    return Deno.serve(options, (request) => this.#answer(request));
  }

  async #answer(request: Request): Promise<Response> {
    if (this.#mood === "500") return new Response("NullPointerException", { status: 500 });
    if (this.#mood === "html") {
      return new Response("<html>Log in</html>", { headers: { "content-type": "text/html" } });
    }
    if (this.#mood === "hung") {
      // Longer than any client waits; the row ends it by hanging up.
      await this.#well.promise;
      return new Response(null, { status: 503 });
    }
    const { pathname, search } = new URL(request.url);
    const answer = await fetch(`${new URL(this.registryUrl).origin}${pathname}${search}`);
    return new Response(await answer.text(), answer);
  }
}
