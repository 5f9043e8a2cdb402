/** Every place of the product that asks which system it runs on, and the unit test that is on another one there. */
import assert from "node:assert/strict";

/** File -> how many times it compares the system with a name, and the test that pretends to be that system. */
const BRANCHES: Readonly<Record<string, readonly [times: number, test: string]>> = {
  "lib/cluster/artifacts/java.ts": [1, "lib/cluster/artifacts/java_test.ts"],
  "lib/cluster/diagnose.ts": [1, "lib/cluster/diagnose_test.ts"],
  "lib/cluster/faults/port_owner.ts": [4, "lib/cluster/faults/before_start_test.ts"],
  "lib/cluster/faults/windows_folders.ts": [1, "lib/cluster/faults/windows_folders_test.ts"],
  "lib/cluster/java_args.ts": [2, "lib/cluster/java_args_test.ts"],
  "lib/cluster/process.ts": [2, "lib/cluster/process_test.ts"],
  "lib/cluster/supervisor/brokers.ts": [1, "lib/cluster/any_system_own_test.ts"],
  "lib/cluster/supervisor/small_disk.ts": [1, "lib/cluster/supervisor/small_disk_test.ts"],
  "lib/cluster/supervisor_client.ts": [1, "lib/cluster/supervisor_client_test.ts"],
  "lib/lab/jupyter.ts": [1, "lib/lab/jupyter_test.ts"],
  "lib/lab/jupyter_files.ts": [2, "lib/lab/jupyter_files_test.ts"],
  "lib/lab/prepare.ts": [1, "lib/lab/jupyter_test.ts"],
  "lib/lab/python.ts": [1, "lib/lab/jupyter_test.ts"],
  "lib/platform/own_folder.ts": [1, "lib/platform/own_folder_test.ts"],
  "lib/platform/platform.ts": [3, "lib/cluster/faults/windows_folders_test.ts"],
  "lib/python/environment.ts": [2, "lib/python/python_test.ts"],
  "lib/python/fetched_uv.ts": [1, "lib/python/python_test.ts"],
  "lib/python/find.ts": [4, "lib/python/python_test.ts"],
  "lib/settings/folders.ts": [4, "lib/settings/settings_test.ts"],
  "lib/settings/values.ts": [1, "lib/settings/settings_test.ts"],
  "tasks/_stop.ts": [1, "tasks/_stop_test.ts"],
  "tasks/_wheels.ts": [1, "tasks/_wheels_test.ts"],
};

/** Where the real system is read; every other place is handed a name, so that a test hands another one. */
const READERS = [
  "lib/platform/platform.ts",
  "lib/settings/folders.ts",
  "lib/settings/values.ts",
];

async function product(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const walk = async (folder: string): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = `${folder}/${name}`;
      if (isDirectory) await walk(path);
      else if (/(?<!_test)\.(ts|js)$/.test(name)) {
        const text = await Deno.readTextFile(path);
        found.set(path, text.replace(/^\s*(\*|\/\/|\/\*\*).*$/gm, ""));
      }
    }
  };
  for (const folder of ["lib", "apps", "tasks"]) await walk(folder);
  return found;
}

const files = await product();
const asks = /\b(?:os|sys|platform) ?[!=]==? ?"(?:linux|darwin|windows|win32)"/g;

Deno.test("each branch that asks for the system is counted, with the test that runs it on another", async () => {
  const counted = [...files].flatMap(([path, text]) => {
    const times = text.match(asks)?.length ?? 0;
    return times > 0 ? [[path, times] as const] : [];
  });
  const expected = Object.entries(BRANCHES).map(([path, [times]]) => [path, times]);
  assert.deepEqual(counted.toSorted(), expected.toSorted());
  for (const test of new Set(Object.values(BRANCHES).map(([, test]) => test))) {
    const text = await Deno.readTextFile(test);
    assert.match(text, /"(windows|darwin)"|supervisor_without_signals/, test);
  }
});

Deno.test("the real system is read in few places, and never compared there and then", () => {
  const readers = [...files].filter(([, text]) => /Deno\.build\.os|process\.platform/.test(text));
  assert.deepEqual(readers.map(([path]) => path).sort(), READERS);
  const atOnce = [...files].filter(([, text]) => /(here\.os|build\.os) [!=]==/.test(text));
  assert.deepEqual(atOnce.map(([path]) => path), ["lib/platform/platform.ts"]);
});
