package dev.photon.executor.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import dev.photon.registry.InvalidModule;
import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
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

/** An array is the model: rewritten code loads, stores and traps as the specification says (section 4.4.7). */
class GuestCodeTest {
    private static final WasmModule ACCESSES = Parser.parse(TestingAccesses.module());
    private static final CompiledCode CODE = compiled();
    private static final Function<Instance, Machine> MACHINES =
            GuestClasses.define(CODE).machines();

    record Access(int function, int address, long value) {
        @Override
        public String toString() {
            return "0x%x offset %d at %d, %d"
                    .formatted(TestingAccesses.opcode(function), TestingAccesses.offset(function), address, value);
        }
    }

    @Property(tries = 300)
    void accessesTheMemoryAsSpecified(@ForAll @Size(max = 40) List<@From("accesses") Access> accesses) {
        var instance = Instance.builder(ACCESSES)
                .withMachineFactory(MACHINES)
                .withMemoryFactory(LinearMemory::new)
                .build();
        var model = new byte[TestingAccesses.PAGES * Memory.PAGE_SIZE];

        for (var access : accesses) {
            assertThat(result(instance, access)).as("%s", access).isEqualTo(result(model, access));
        }

        assertThat(instance.memory().readBytes(0, model.length)).isEqualTo(model);
    }

    /** Whatever a guest stores, and whatever the host writes for it, is gone when its block is handed on. */
    @Property(tries = 300)
    void leavesNothingThatWasWritten(
            @ForAll @Size(max = 40) List<@From("accesses") Access> accesses,
            @ForAll @Size(max = 10) List<@From("accesses") Access> hostWrites) {
        var pool = new MemoryPool(1 << 20);
        var memory = pool.memory(new MemoryLimits(TestingAccesses.PAGES, TestingAccesses.PAGES), 0);
        var instance = Instance.builder(ACCESSES)
                .withMachineFactory(MACHINES)
                .withMemoryFactory(declared -> memory)
                .build();

        accesses.forEach(access -> result(instance, access));
        hostWrites.forEach(access -> write(memory, access));
        memory.close();

        var next = pool.take(TestingAccesses.PAGES, 0).orElseThrow();
        assertThat(Arrays.mismatch(next.bytes(), new byte[next.bytes().length])).isEqualTo(-1);
        assertThat(next.written()).containsOnly(0);
    }

    /** By one of the ways that there are beside stores, within the memory. */
    private static void write(LinearMemory memory, Access access) {
        var size = (int) (access.value() & 0x1fff);
        var at = (access.address() & 0xffff) + (int) ((access.value() >>> 48) & 0x7fff);
        switch (access.function() % 4) {
            case 0 -> memory.fill((byte) 7, at, at + size);
            case 1 -> memory.write(at, bytes(size), 0, size);
            case 2 -> memory.atomicWriteLong(at, -1);
            default -> {
                memory.write(0, bytes(size), 0, size);
                memory.copy(at, 0, size);
            }
        }
    }

    private static byte[] bytes(int size) {
        var bytes = new byte[size];
        Arrays.fill(bytes, (byte) 9);
        return bytes;
    }

    @Provide
    Arbitrary<Access> accesses() {
        var page = Memory.PAGE_SIZE;
        var near = Combinators.combine(
                        Arbitraries.of(0, 4096, page, TestingAccesses.PAGES * page),
                        Arbitraries.integers().between(-9, 9))
                .as(Integer::sum);
        var wild = Arbitraries.of(Integer.MIN_VALUE, Integer.MAX_VALUE, -1, -5, -page, -2 * page);
        return Combinators.combine(
                        Arbitraries.integers().between(0, TestingAccesses.FUNCTIONS - 1),
                        Arbitraries.frequencyOf(Tuple.of(5, near), Tuple.of(1, wild)),
                        Arbitraries.longs())
                .as(Access::new);
    }

    /** What a call costs is not tested; that there is none is. */
    @Test
    void leavesNoCallOfTheMemoryToDispatch() {
        var calls = CODE.classes().values().stream().flatMap(GuestCodeTest::calls);

        assertThat(calls.filter(call -> call.name().stringValue().matches("memory(Read|Write)\\w+")))
                .isNotEmpty()
                .allSatisfy(call -> assertThat(call.owner().asInternalName())
                        .isEqualTo(LinearMemory.class.getName().replace('.', '/')));
    }

    private static CompiledCode compiled() {
        try {
            return new Translator(ACCESSES, new int[0]).translate();
        } catch (InvalidModule e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<InvokeInstruction> calls(byte[] file) {
        return ClassFile.of().parse(file).methods().stream()
                .flatMap(method -> method.code().stream())
                .flatMap(code -> code.elementList().stream())
                .flatMap(element -> element instanceof InvokeInstruction call ? Stream.of(call) : Stream.of());
    }

    private static String result(Instance instance, Access access) {
        var function = instance.export(Integer.toString(access.function()));
        var address = Integer.toUnsignedLong(access.address());
        try {
            if (TestingAccesses.isStore(access.function())) {
                function.apply(address, access.value());
                return "stored";
            }
            return loaded(access, function.apply(address)[0]);
        } catch (RuntimeException e) {
            return "trapped";
        }
    }

    private static String loaded(Access access, long value) {
        return Long.toString(TestingAccesses.hasLongValue(access.function()) ? value : (int) value);
    }

    private static String result(byte[] model, Access access) {
        var at = Integer.toUnsignedLong(access.address()) + TestingAccesses.offset(access.function());
        var bits = Byte.SIZE * TestingAccesses.width(access.function());
        if (at + bits / Byte.SIZE > model.length) {
            return "trapped";
        }
        var value = 0L;
        for (int bit = 0; bit < bits; bit += Byte.SIZE) {
            var index = (int) at + bit / Byte.SIZE;
            if (TestingAccesses.isStore(access.function())) {
                model[index] = (byte) (access.value() >>> bit);
            }
            value |= Byte.toUnsignedLong(model[index]) << bit;
        }
        var extension = Long.SIZE - bits;
        return TestingAccesses.isStore(access.function())
                ? "stored"
                : loaded(access, TestingAccesses.isSigned(access.function()) ? value << extension >> extension : value);
    }
}
