package dev.photon.executor.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.runtime.ByteArrayMemory;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Chicory's own memory is the model: whatever is done, both answer alike, and end up with the same bytes. */
class LinearMemoryTest {
    private static final MemoryLimits LIMITS = new MemoryLimits(2, 4);
    private static final int PAGE = Memory.PAGE_SIZE;

    private static final List<BiFunction<Memory, Step, Object>> OPERATIONS = List.of(
            (memory, step) -> memory.read(step.a()),
            (memory, step) -> memory.readShort(step.a()),
            (memory, step) -> memory.readU16(step.a()),
            (memory, step) -> memory.readInt(step.a()),
            (memory, step) -> memory.readLong(step.a()),
            (memory, step) -> Float.floatToRawIntBits(memory.readFloat(step.a())),
            (memory, step) -> Double.doubleToRawLongBits(memory.readDouble(step.a())),
            (memory, step) -> List.of(memory.readF32(step.a()), memory.readF64(step.a())),
            (memory, step) -> new String(memory.readBytes(step.a(), step.size()), StandardCharsets.ISO_8859_1),
            (memory, step) -> done(() -> memory.writeByte(step.a(), (byte) step.value())),
            (memory, step) -> done(() -> memory.writeShort(step.a(), (short) step.value())),
            (memory, step) -> done(() -> memory.writeI32(step.a(), (int) step.value())),
            (memory, step) -> done(() -> memory.writeLong(step.a(), step.value())),
            (memory, step) -> done(() -> memory.writeF32(step.a(), (float) step.value())),
            (memory, step) -> done(() -> memory.writeF64(step.a(), (double) step.value())),
            (memory, step) -> done(() -> memory.write(step.a(), bytes(step))),
            (memory, step) -> done(() -> memory.fill((byte) step.value(), step.a(), step.a() + step.size())),
            (memory, step) -> done(() -> memory.fill((byte) 0, step.a(), step.a() + step.size())),
            (memory, step) -> done(() -> memory.copy(step.a(), step.b(), step.size())),
            (memory, step) -> memory.grow((int) step.value() & 1));

    record Step(int operation, int a, int b, int size, long value) {}

    @Property(tries = 500)
    void behavesLikeTheModel(@ForAll @Size(max = 60) List<@From("steps") Step> steps) {
        var memory = new LinearMemory(LIMITS);
        var model = new ByteArrayMemory(LIMITS);

        for (var step : steps) {
            assertThat(apply(memory, step)).as("%s", step).isEqualTo(apply(model, step));
        }

        assertThat(memory.pages()).isEqualTo(model.pages());
        assertThat(memory.readBytes(0, memory.pages() * PAGE)).isEqualTo(model.readBytes(0, model.pages() * PAGE));
    }

    @Provide
    Arbitrary<Step> steps() {
        var boundaries = Arbitraries.of(0, 4096, 8192, PAGE, PAGE + 4096, 2 * PAGE, 3 * PAGE, 4 * PAGE);
        var near = Combinators.combine(boundaries, Arbitraries.integers().between(-9, 9))
                .as(Integer::sum);
        var wild = Arbitraries.of(Integer.MIN_VALUE, Integer.MAX_VALUE, -1, Integer.MAX_VALUE - 3);
        var addresses = Arbitraries.frequencyOf(Tuple.of(20, near), Tuple.of(1, wild));
        var sizes = Arbitraries.of(0, 1, 7, 100, 4096, 5000, PAGE, PAGE + 1);
        return Combinators.combine(
                        Arbitraries.integers().between(0, OPERATIONS.size() - 1),
                        addresses,
                        addresses,
                        sizes,
                        Arbitraries.longs())
                .as(Step::new);
    }

    @Test
    void growsToItsMaximum() {
        var memory = new LinearMemory(LIMITS);

        assertThat(memory.grow(3)).isEqualTo(-1);
        assertThat(memory.grow(2)).isEqualTo(2);
        assertThat(memory.grow(1)).isEqualTo(-1);
        assertThat(memory.grow(-1)).isEqualTo(-1);
        assertThat(memory.pages()).isEqualTo(4);
    }

    /** Where the model wants a shared memory; the specification allows them in both. */
    @Test
    void allowsAtomicOperations() {
        var memory = new LinearMemory(LIMITS);

        memory.atomicAddInt(8, 5);

        assertThat(memory.atomicCmpxchgInt(8, 5, 7)).isEqualTo(5);
        assertThat(memory.readInt(8)).isEqualTo(7);
    }

    private static Object apply(Memory memory, Step step) {
        try {
            return OPERATIONS.get(step.operation()).apply(memory, step);
        } catch (RuntimeException e) {
            return "trapped";
        }
    }

    private static String done(Runnable action) {
        action.run();
        return "done";
    }

    private static byte[] bytes(Step step) {
        var bytes = new byte[step.size()];
        Arrays.fill(bytes, (byte) step.value());
        return bytes;
    }
}
