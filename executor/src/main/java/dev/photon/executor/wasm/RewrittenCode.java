package dev.photon.executor.wasm;

import com.dylibso.chicory.compiler.Cache;
import java.util.HashMap;
import java.util.Map;

/** Hands the classes of one module back to Chicory's compiler as {@link GuestCode} makes them. Not thread-safe. */
final class RewrittenCode implements Cache {
    private final Map<String, byte[]> code = new HashMap<>();

    @Override
    public byte[] get(String key) {
        return code.get(key);
    }

    @Override
    public void putIfAbsent(String key, byte[] data) {
        code.computeIfAbsent(key, absent -> GuestCode.rewrite(data));
    }
}
