/**
 * Runs functions: one WebAssembly module, one request, one fresh instance.
 *
 * <p>Compiling, loading, instantiating and calling are four things. An artifact's bytes enter the {@link
 * dev.photon.executor.wasm.Engine} and leave as {@link dev.photon.executor.wasm.CompiledCode}, which the {@link
 * dev.photon.executor.wasm.CodeStore} keeps on disk. Loaded, it is a {@link dev.photon.executor.wasm.LoadedFunction},
 * which any number of threads share, and whose classes go with it. A {@link dev.photon.executor.wasm.GuestRequest} enters that and leaves as the outcome of a
 * reply; whatever the guest does, the outcome is a value and not an exception.
 *
 * <pre>
 *  artifact ─► Engine ─► CompiledCode ─► Engine ─► CompiledFunction ◄─ GuestRequest, RunLimits
 *                          │  on a thread of GuestThreads, under a Watch of the Watchdog
 *                          ▼
 *              instance: LinearMemory, WasiFunction ─► Descriptors ─► stdout: CgiAnswer ─► outcome
 *                                                                 ├► stderr: GuestLog
 *                                                                 └► /tmp: TmpFiles, gone with the run
 * </pre>
 *
 * <p>A guest is a command of WASI preview 1 that speaks CGI (RFC 3875): its request's head are environment variables,
 * the body is standard input, and what it writes to standard output is the answer. It sees no files
 * but its own below {@code /tmp}, and nothing of the host's environment. All of an instance is confined to the thread that runs it; the watchdog's
 * thread touches only the {@link dev.photon.executor.wasm.Watchdog.Watch}. Nothing outside of this package knows
 * Chicory's runtime or compiler.
 *
 * <p>A script in JavaScript is run by a guest of ours. The engine starts once in a process, with the scripts of {@code js/},
 * and so does each script; a run begins with an image of the memory after that.
 *
 * <pre>
 *  js/*.js ─► ScriptEngine: MemoryImage ─┐  first run                      each run
 *  artifact ─► ScriptFunction ───────────┴─► top level ─► MemoryImage ─► QuickJs ◄─► ScriptHost, ScriptCalls ─► outcome
 * </pre>
 */
package dev.photon.executor.wasm;
