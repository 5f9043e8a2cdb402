/**
 * The wire on which other brokers reach one broker: it can be cut, for lessons and tests of what happens then.
 *
 * @module
 */

/** Passes on bytes between a port and another one, unless it is cut. */
export class Wire {
  readonly #listener: Deno.TcpListener;
  readonly #to: number;
  readonly #open = new Set<Deno.TcpConn>();
  #isCut = false;

  /**
   * @param port Where it listens.
   * @param to Where it leads: a port of this machine, too.
   * @throws {Deno.errors.AddrInUse} If the first port is taken.
   */
  constructor(port: number, to: number) {
    this.#to = to;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port });
    void this.#accept();
  }

  /** Closes what is connected, and takes nothing new. What was on its way is lost. */
  cut(): void {
    this.#isCut = true;
    for (const connection of this.#open) close(connection);
  }

  /** Takes connections again. */
  mend(): void {
    this.#isCut = false;
  }

  /** Ends it. */
  close(): void {
    this.cut();
    close(this.#listener);
  }

  async #accept(): Promise<void> {
    for await (const from of this.#listener) {
      if (this.#isCut) close(from);
      else void this.#join(from);
    }
  }

  async #join(from: Deno.TcpConn): Promise<void> {
    const target = { hostname: "127.0.0.1", port: this.#to };
    const to = await Deno.connect(target).catch(() => undefined);
    const both = to === undefined ? [from] : [from, to];
    // It may have been cut meanwhile.
    if (to !== undefined && !this.#isCut) {
      for (const one of both) this.#open.add(one);
      const passed = [from.readable.pipeTo(to.writable), to.readable.pipeTo(from.writable)];
      // When one side is gone, the other one goes, too.
      await Promise.race(passed.map((one) => one.catch(() => {})));
    }
    for (const one of both) {
      close(one);
      this.#open.delete(one);
    }
  }
}

function close(one: { close(): void }): void {
  try {
    one.close();
  } catch {
    // Closed already.
  }
}
