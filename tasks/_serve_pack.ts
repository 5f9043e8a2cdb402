/**
 * Hands a pack to the room: one file, to be read and nothing else.
 *
 * @module
 */
import { basename } from "node:path";

/** Where to listen, and what to hand out. */
export interface ServePack {
  readonly file: string;
  /** An address of this machine, or `0.0.0.0` for all. */
  readonly hostname: string;
  /** 0 chooses a free one. */
  readonly port: number;
}

/** A server that a pack is downloaded from. */
export interface PackServer {
  /** What `--from` of `tasks/lab.ts` takes; one for each address. */
  readonly addresses: readonly string[];
  close(): Promise<void>;
}

/** Starts to hand out a pack. */
export function servePack({ file, hostname, port }: ServePack): PackServer {
  const path = `/${encodeURIComponent(basename(file))}`;
  const server = Deno.serve(
    { hostname, port, onListen: () => {} },
    (request) => answer(request, { file, path }),
  );
  const hosts = hostname === "0.0.0.0" ? ownAddresses() : [hostname];
  return {
    addresses: hosts.map((host) => `http://${host}:${server.addr.port}${path}`),
    close: () => server.shutdown(),
  };
}

async function answer(
  request: Request,
  { file, path }: { readonly file: string; readonly path: string },
): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return new Response("This is only to be read.\n", { status: 405, headers: { allow: "GET" } });
  }
  if (new URL(request.url).pathname !== path) {
    return new Response(`There is one file here: ${path}\n`, { status: 404 });
  }
  const open = await Deno.open(file);
  const headers = {
    "content-type": "application/x-tar",
    "content-length": `${(await open.stat()).size}`,
    "x-content-type-options": "nosniff",
  };
  if (request.method === "GET") return new Response(open.readable, { headers });
  open.close();
  return new Response(null, { headers });
}

/** What other machines can reach this one by. */
function ownAddresses(): string[] {
  return Deno.networkInterfaces()
    .filter(({ family, address }) => family === "IPv4" && !address.startsWith("127."))
    .map(({ address }) => address);
}
