package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.WasmModule;

/** What an instance takes on the heap beside its memory: what Chicory has for each definition, by its fields. */
final class InstanceSize {
    // With references of eight bytes.
    private static final long FUNCTION_BYTES = 16;
    private static final long GLOBAL_BYTES = 64;
    private static final long EXPORT_BYTES = 80;
    private static final long SEGMENT_BYTES = 8;
    private static final long TABLE_BYTES = 128;

    private InstanceSize() {}

    /** Bytes beyond a page: the smallest memory counts for the first. */
    static long beyondAPage(WasmModule module) {
        var tables = module.tableSection();
        var segments =
                module.elementSection().elementCount() + module.dataSection().dataSegmentCount();
        var bytes = FUNCTION_BYTES * module.functionSection().functionCount()
                + GLOBAL_BYTES * module.globalSection().globalCount()
                + EXPORT_BYTES * module.exportSection().exportCount()
                + SEGMENT_BYTES * segments;
        for (int i = 0; i < tables.tableCount(); i++) {
            bytes += TABLE_BYTES
                    + Tables.ELEMENT_BYTES * tables.getTable(i).limits().min();
        }
        return Math.max(0, bytes - Memory.PAGE_SIZE);
    }
}
