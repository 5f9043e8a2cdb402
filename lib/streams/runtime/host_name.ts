/** The machine's name, where the program may ask without asking the user; empty elsewhere. */
export function hostName(): string {
  const may = Deno.permissions.querySync({ name: "sys", kind: "hostname" }).state === "granted";
  return may ? Deno.hostname() : "";
}
