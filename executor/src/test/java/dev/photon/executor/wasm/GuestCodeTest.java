package dev.photon.executor.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import dev.photon.registry.InvalidModule;
import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.InvokeInstruction;
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
