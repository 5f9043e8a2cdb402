import assert from "node:assert/strict";
import { delimiter } from "node:path";
import { kernelSpec, labSettings, serverConfig, serverEnvironment } from "./jupyter_files.ts";
import { type Platform, platform } from "../platform/mod.ts";
import { labPlaces } from "./places.ts";

const places = labPlaces({
  root: "/course",
  state: "/course/.taxi",
  venv: "/course/.venv",
  cache: "/cache",
});
const choices = {
  places,
  deno: "/opt/deno",
  port: 8888,
  token: "s3cret",
  notebook: "notebooks/00_start_here.ipynb",
};

Deno.test("kernelSpec() starts the Deno that runs now", () => {
  assert.deepEqual(kernelSpec("/opt/deno").argv, [
    "/opt/deno",
    "jupyter",
    "--kernel",
    "--conn",
    "{connection_file}",
  ]);
});

Deno.test("serverConfig() listens on this machine only, behind a token, with the Deno kernel only", () => {
  const config = serverConfig(choices) as Record<string, Record<string, unknown>>;
  assert.equal(config.ServerApp?.ip, "127.0.0.1");
  assert.equal(config.ServerApp?.allow_remote_access, false);
  assert.equal(config.IdentityProvider?.token, "s3cret");
  assert.deepEqual(config.KernelSpecManager, {
    allowed_kernelspecs: ["deno"],
    ensure_native_kernel: false,
  });
});

Deno.test("serverConfig() answers under the one name that a setting gives, with its path, and listens where it is told", () => {
  const publicUrl = new URL("https://hub.example/user/ana/proxy/8888/");
  const { ServerApp } = serverConfig({ ...choices, listen: "0.0.0.0", publicUrl }) as {
    ServerApp: Record<string, unknown>;
  };
  assert.equal(ServerApp.ip, "0.0.0.0");
  assert.equal(ServerApp.allow_remote_access, false, "Host is still looked at");
  assert.equal(ServerApp.base_url, "/user/ana/proxy/8888/");
  assert.deepEqual(ServerApp.local_hostnames, ["localhost", "hub.example"]);
  assert.equal(ServerApp.allow_origin, "https://hub.example");
});

Deno.test("serverEnvironment() keeps the token out and the learner's own Jupyter away", () => {
  const env = serverEnvironment(choices, {
    PATH: "/usr/bin",
    KAFKA_BROKERS: "k:1",
    JUPYTER_TOKEN: "old",
    JUPYTER_PATH: "/home/ada/kernels",
    PYTHONPATH: "/home/ada",
  });
  assert.equal(env.PATH?.split(delimiter)[0], "/course/.taxi/bin");
  assert.equal(env.KAFKA_BROKERS, "k:1");
  assert.equal(env.JUPYTER_CONFIG_DIR, "/course/.taxi/jupyter/config");
  assert.deepEqual(
    ["JUPYTER_TOKEN", "JUPYTER_PATH", "PYTHONPATH"].filter((name) => name in env),
    [],
  );
  assert.ok(!Object.values(env).includes("s3cret"));
});

Deno.test("serverEnvironment() on Windows keeps the search path under its one name, and ■ goes by a file", () => {
  const windows = platform("windows");
  const env = serverEnvironment(choices, { Path: "C:\\Windows", Home: "C:\\Users" }, windows);
  assert.deepEqual([env.PATH, env.Path], ["/course/.taxi/bin;C:\\Windows", undefined]);
  assert.equal(env.TAXI_STOP_BY, "file");
  assert.equal(serverEnvironment(choices, {}, platform("darwin")).TAXI_STOP_BY, "signal");
});

Deno.test("serverConfig() opens PowerShell on Windows, the learner's own shell elsewhere", () => {
  const shell = (on: Platform) =>
    (serverConfig(choices, on) as Record<string, Record<string, unknown>>).ServerApp
      ?.terminado_settings;
  const env = new Map([["SHELL", "/bin/zsh"]]);
  const variables = { get: (name: string) => env.get(name), toObject: () => ({}) };
  assert.deepEqual(shell(platform("windows")), { shell_command: ["powershell.exe"] });
  assert.deepEqual(shell(platform("darwin", { env: variables })), { shell_command: ["/bin/zsh"] });
});

Deno.test("labSettings() closes a kernel with its tab and asks for no news", () => {
  const settings = labSettings() as Record<string, Record<string, unknown>>;
  assert.equal(settings["@jupyterlab/notebook-extension:tracker"]?.kernelShutdown, true);
  assert.equal(settings["@jupyterlab/apputils-extension:notification"]?.fetchNews, "false");
});
