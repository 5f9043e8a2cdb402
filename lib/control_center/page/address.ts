// Where the server is: a proxy may publish the page below a path of its own.

/** Address of something at this server, as in `at("/embed/lanes")`. */
export function at(path: string): string {
  return new URL(`..${path}`, import.meta.url).href;
}

/** Address of something below `/api`. */
export function api(path: string): string {
  return at(`/api${path}`);
}
