package dev.photon.registry;

import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.ValType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a module may import: functions of these modules, with these types. What they do is the executor's matter.
 * Signatures are written as {@code parameters:results}, {@code i} for i32 and {@code I} for i64. Thread-safe.
 */
@SuppressWarnings("ImmutableEnumChecker") // The maps are unmodifiable, and function types do not change.
public enum HostInterface {
    /** WASI preview 1 (legacy/preview1/docs.md), all of it. The result is an error number, if there is one. */
    WASI(
            "wasi_snapshot_preview1",
            functions(
                    "args_get ii:i",
                    "args_sizes_get ii:i",
                    "clock_res_get ii:i",
                    "clock_time_get iIi:i",
                    "environ_get ii:i",
                    "environ_sizes_get ii:i",
                    "fd_advise iIIi:i",
                    "fd_allocate iII:i",
                    "fd_close i:i",
                    "fd_datasync i:i",
                    "fd_fdstat_get ii:i",
                    "fd_fdstat_set_flags ii:i",
                    "fd_fdstat_set_rights iII:i",
                    "fd_filestat_get ii:i",
                    "fd_filestat_set_size iI:i",
                    "fd_filestat_set_times iIIi:i",
                    "fd_pread iiiIi:i",
                    "fd_prestat_dir_name iii:i",
                    "fd_prestat_get ii:i",
                    "fd_pwrite iiiIi:i",
                    "fd_read iiii:i",
                    "fd_readdir iiiIi:i",
                    "fd_renumber ii:i",
                    "fd_seek iIii:i",
                    "fd_sync i:i",
                    "fd_tell ii:i",
                    "fd_write iiii:i",
                    "path_create_directory iii:i",
                    "path_filestat_get iiiii:i",
                    "path_filestat_set_times iiiiIIi:i",
                    "path_link iiiiiii:i",
                    "path_open iiiiiIIii:i",
                    "path_readlink iiiiii:i",
                    "path_remove_directory iii:i",
                    "path_rename iiiiii:i",
                    "path_symlink iiiii:i",
                    "path_unlink_file iii:i",
                    "poll_oneoff iiii:i",
                    "proc_exit i:",
                    "proc_raise i:i",
                    "random_get ii:i",
                    "sched_yield :i",
                    "sock_accept iii:i",
                    "sock_recv iiiiii:i",
                    "sock_send iiiii:i",
                    "sock_shutdown ii:i")),

    /** The http-wasm HTTP handler ABI (http-wasm.io, "http-handler"). */
    HTTP_HANDLER(
            "http_handler",
            functions(
                    "enable_features i:i",
                    "get_config ii:i",
                    "log iii:",
                    "log_enabled i:i",
                    "get_method ii:i",
                    "set_method ii:",
                    "get_uri ii:i",
                    "set_uri ii:",
                    "get_protocol_version ii:i",
                    "get_header_names iii:I",
                    "get_header_values iiiii:I",
                    "add_header_value iiiii:",
                    "set_header_value iiiii:",
                    "remove_header iii:",
                    "read_body iii:I",
                    "write_body iii:",
                    "get_status_code :i",
                    "set_status_code i:",
                    "get_source_addr ii:i")),

    /** Ours: what the others lack. Described in {@code executor/GUEST.md}. */
    PHOTON(
            "photon",
            functions("log iii:", "deadline :I", "fetch iiii:i", "fetch_head ii:i", "fetch_body ii:i", "emit iiii:i"));

    private final String module;
    private final Map<String, FunctionType> functions;

    HostInterface(String module, Map<String, FunctionType> functions) {
        this.module = module;
        this.functions = functions;
    }

    private static Map<String, FunctionType> functions(String... signatures) {
        return Stream.of(signatures)
                .map(signature -> signature.split("[ :]", -1))
                .collect(Collectors.toUnmodifiableMap(
                        parts -> parts[0], parts -> FunctionType.of(values(parts[1]), values(parts[2]))));
    }

    private static List<ValType> values(String letters) {
        return letters.chars()
                .mapToObj(letter -> letter == 'I' ? ValType.I64 : ValType.I32)
                .toList();
    }

    /** The interface of that module name; empty when there is none. */
    static Optional<HostInterface> ofModule(String module) {
        return Arrays.stream(values())
                .filter(offered -> offered.module.equals(module))
                .findFirst();
    }

    /** The module that guests import from. */
    public String module() {
        return module;
    }

    /** The names of its functions. */
    public Set<String> functions() {
        return functions.keySet();
    }

    /** The type of a function; empty when there is none of that name. */
    public Optional<FunctionType> type(String function) {
        return Optional.ofNullable(functions.get(function));
    }
}
