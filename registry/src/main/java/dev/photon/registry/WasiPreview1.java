package dev.photon.registry;

import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.ValType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The functions of WASI preview 1 (legacy/preview1/docs.md) that a module may import, all of them, with their types.
 * What those that need files or sockets answer is the executor's matter. Thread-safe.
 */
public final class WasiPreview1 {
    /** The module that guests import from. */
    public static final String MODULE = "wasi_snapshot_preview1";

    /** Parameters are written {@code i} for i32 and {@code I} for i64; the result is an error number, if any. */
    private static final Map<String, FunctionType> TYPES = Map.ofEntries(
            function("args_get", "ii"),
            function("args_sizes_get", "ii"),
            function("clock_res_get", "ii"),
            function("clock_time_get", "iIi"),
            function("environ_get", "ii"),
            function("environ_sizes_get", "ii"),
            function("fd_advise", "iIIi"),
            function("fd_allocate", "iII"),
            function("fd_close", "i"),
            function("fd_datasync", "i"),
            function("fd_fdstat_get", "ii"),
            function("fd_fdstat_set_flags", "ii"),
            function("fd_fdstat_set_rights", "iII"),
            function("fd_filestat_get", "ii"),
            function("fd_filestat_set_size", "iI"),
            function("fd_filestat_set_times", "iIIi"),
            function("fd_pread", "iiiIi"),
            function("fd_prestat_dir_name", "iii"),
            function("fd_prestat_get", "ii"),
            function("fd_pwrite", "iiiIi"),
            function("fd_read", "iiii"),
            function("fd_readdir", "iiiIi"),
            function("fd_renumber", "ii"),
            function("fd_seek", "iIii"),
            function("fd_sync", "i"),
            function("fd_tell", "ii"),
            function("fd_write", "iiii"),
            function("path_create_directory", "iii"),
            function("path_filestat_get", "iiiii"),
            function("path_filestat_set_times", "iiiiIIi"),
            function("path_link", "iiiiiii"),
            function("path_open", "iiiiiIIii"),
            function("path_readlink", "iiiiii"),
            function("path_remove_directory", "iii"),
            function("path_rename", "iiiiii"),
            function("path_symlink", "iiiii"),
            function("path_unlink_file", "iii"),
            function("poll_oneoff", "iiii"),
            function("proc_exit", "i"),
            function("proc_raise", "i"),
            function("random_get", "ii"),
            function("sched_yield", ""),
            function("sock_accept", "iii"),
            function("sock_recv", "iiiiii"),
            function("sock_send", "iiiii"),
            function("sock_shutdown", "ii"));

    private WasiPreview1() {}

    private static Map.Entry<String, FunctionType> function(String name, String parameters) {
        var types = parameters
                .chars()
                .mapToObj(letter -> letter == 'I' ? ValType.I64 : ValType.I32)
                .toList();
        return Map.entry(name, FunctionType.of(types, name.equals("proc_exit") ? List.of() : List.of(ValType.I32)));
    }

    /** The type of a function; empty when there is none of that name. */
    public static Optional<FunctionType> type(String function) {
        return Optional.ofNullable(TYPES.get(function));
    }
}
