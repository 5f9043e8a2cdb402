import { type Context, Hono } from "hono";
import type { SchemaRegistry } from "../../../avro/mod.ts";
import { type LoopbackServer, serveLoopback } from "../../../platform/mod.ts";
import type { KafkaSettings } from "../../../settings/mod.ts";
import { guarded } from "./guarded.ts";
import { Link } from "../cluster/link.ts";
import { pageFiles } from "./page_files.ts";
import { reading } from "./reading.ts";
import { changing } from "./changing.ts";

/** Where a Control Center stands and what it shows. */
export interface ControlCenterOptions {
  /** Port on this machine; 0 chooses a free one. */
  readonly port: number;
  /** How to reach Kafka; the page can never change it. */
  readonly kafka: KafkaSettings;
  /** The schema registry; the page can never change it. */
  readonly registry: SchemaRegistry;
  /** Address to listen on; a container needs another. @default both addresses of this machine for itself */
  readonly hostname?: string;
  /** Where a proxy publishes the page, path included: requests to that host are answered, too. @default nowhere */
  readonly publicUrl?: URL | null;
  /** Where a proxy publishes JupyterLab. @default nowhere */
  readonly labUrl?: URL | null;
  /** JupyterLab's port: its pages may frame the embeddable ones. */
  readonly labPort?: number;
  /** Names and versions of Kafka and registry, which no client can ask for. @default not known */
  readonly software?: string;
}

/** A Control Center that runs. */
export interface ControlCenter extends AsyncDisposable {
  /** Where to open it. */
  readonly url: string;
  /** Port it listens on. */
  readonly port: number;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  /** Ends all pages' streams, and every connection. */
  close(): Promise<void>;
}

/**
 * Starts the Control Center: a page about the cluster, for this machine alone.
 *
 * It starts whether Kafka is there or not, and finds it when it comes.
 *
 * @throws {Error} `Cannot open the Control Center: port 9021 is taken (…)`.
 */
export async function startControlCenter(options: ControlCenterOptions): Promise<ControlCenter> {
  const { kafka, registry } = options;
  const link = new Link({
    kafka,
    registry,
    ...(options.software ? { software: options.software } : {}),
  });
  const token = crypto.randomUUID();
  const files = await pageFiles();
  const app = new Hono();
  const { publicUrl = null, labUrl = null } = options;
  const server = listen(options, (request) => app.fetch(withoutPrefix(request, publicUrl)));
  const { port } = server;
  const lab = options.labPort ?? 8888;
  const framedBy = [
    ...[`http://localhost:${lab}`, `http://127.0.0.1:${lab}`],
    ...labUrl ? [labUrl.origin] : [],
  ];
  app.use(guarded({ port, token, publicUrl, framedBy }));
  app.get("/", (c) => page(c, files.get("/page/index.html")!.body, token));
  app.get("/embed/lanes", (c) => page(c, files.get("/page/embed.html")!.body, ""));
  for (const [path, { body, type }] of files) {
    if (!path.endsWith(".html")) {
      app.get(path, () => new Response(body, { headers: { "content-type": type } }));
    }
  }
  app.route("/api", reading(link));
  app.route("/api", changing(link));
  app.notFound((c) => c.json({ message: "There is nothing here" }, 404));
  app.onError((error, c) => c.json({ message: error.message }, 400));
  link.start();
  const close = async () => {
    await link.close();
    await server.shutdown();
  };
  return {
    // A container publishes 127.0.0.1 alone: at localhost, another user of the machine might answer.
    url: publicUrl?.href.replace(/\/$/, "") ??
      `http://${options.hostname === undefined ? "localhost" : "127.0.0.1"}:${port}`,
    port,
    ended: server.finished,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The request without the public path: some proxies remove it, others keep it. */
function withoutPrefix(request: Request, publicUrl: URL | null): Request {
  const url = new URL(request.url), prefix = publicUrl?.pathname ?? "/";
  if (prefix === "/" || !url.pathname.startsWith(prefix)) return request;
  url.pathname = url.pathname.slice(prefix.length - 1);
  return new Request(url, request);
}

function page(c: Context, html: string, token: string): Response {
  return c.html(html.replace("{{token}}", token));
}

function listen(
  { port, hostname }: ControlCenterOptions,
  handler: (request: Request) => Response | Promise<Response>,
): LoopbackServer {
  try {
    return serveLoopback({ port, ...(hostname !== undefined && { hostname }) }, handler);
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    throw new Error(
      `Cannot open the Control Center: port ${port} is taken (is it open already? Or choose another with --port)`,
    );
  }
}
