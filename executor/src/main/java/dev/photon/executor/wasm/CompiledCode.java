package dev.photon.executor.wasm;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * A module's code as JVM classes, not yet defined. Immutable: nobody changes the arrays.
 *
 * @param machine the name of the class that is Chicory's machine
 * @param classes class files by their binary names
 * @param interpreted functions that no method of the JVM can hold, by their place in the module's code section
 */
public record CompiledCode(String machine, Map<String, byte[]> classes, Set<Integer> interpreted) {
    public CompiledCode {
        classes = Map.copyOf(classes);
        interpreted = Set.copyOf(interpreted);
    }

    /** How much the class files take. */
    public long bytes() {
        return classes.values().stream().mapToLong(file -> file.length).sum();
    }

    /**
     * @param offset bytes left free at the begin
     */
    byte[] encoded(int offset) {
        var bytes = new ByteArrayOutputStream(Math.toIntExact(bytes()) + 1024);
        try (var out = new DataOutputStream(bytes)) {
            out.write(new byte[offset]);
            out.writeUTF(machine);
            out.writeInt(interpreted.size());
            for (var function : interpreted) {
                out.writeInt(function);
            }
            out.writeInt(classes.size());
            for (var file : classes.entrySet()) {
                out.writeUTF(file.getKey());
                out.writeInt(file.getValue().length);
                out.write(file.getValue());
            }
        } catch (IOException e) {
            throw new IllegalStateException("an array takes what is written", e);
        }
        return bytes.toByteArray();
    }

    /**
     * @param bytes as {@link #encoded} gave them: whoever keeps them sees to that
     * @throws IOException when they are not
     */
    static CompiledCode decode(byte[] bytes, int offset) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(bytes, offset, bytes.length - offset));
        var machine = in.readUTF();
        var interpreted = new LinkedHashSet<Integer>();
        for (int left = in.readInt(); left > 0; left--) {
            interpreted.add(in.readInt());
        }
        var classes = new LinkedHashMap<String, byte[]>();
        for (int left = in.readInt(); left > 0; left--) {
            var name = in.readUTF();
            classes.put(name, in.readNBytes(in.readInt()));
        }
        return new CompiledCode(machine, classes, interpreted);
    }
}
