/**
 * The commands that work on the functions of a folder, before anything is deployed.
 *
 * <pre>
 *  faas new ──► Template ──► functions/&lt;name&gt;/ ──► Recipe, with the compilers of Toolchain ──► &lt;name&gt;.wasm
 *                                                                                             │
 *  faas execute: LocalRun, the executor's engine in this process ◄────────────────────────────┤
 *  faas run: Workbench ──deploys each build──► a region on an embedded broker ◄── Front ◄── HTTP
 * </pre>
 *
 * What a function may do is decided by production's own code: its settings are read by the registry, its module is
 * checked by the registry, and it runs in the executor's engine, within the executor's limits.
 */
package dev.photon.cli.local;
