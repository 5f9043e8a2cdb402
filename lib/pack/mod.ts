/**
 * Everything that a start downloads, as one file: how to read it, and how to put what is in it where a start looks.
 *
 * Whatever a pack holds is compared with this checkout's own lock files before it gets a name: who serves a pack can
 * bring nothing else. Imports no npm package, as it runs before there is one.
 *
 * @module
 */
export {
  courseOf,
  MANIFEST,
  type Manifest,
  manifestText,
  PACK_PLATFORMS,
  type PackedFile,
  type PackPlatform,
  packPlatform,
} from "./manifest.ts";
export { archiveName, isLocked, type NpmPackage, npmPackages } from "./npm_packages.ts";
export { readTar, TarEndsEarly, type TarFile } from "./read_tar.ts";
export { type PackPlaces, unpack } from "./unpack.ts";
export { offlineEnvironment, openPack } from "./open_pack.ts";
