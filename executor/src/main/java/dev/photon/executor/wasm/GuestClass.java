package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.runtime.internal.CompilerInterpreterMachine;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodTypeDesc;

/**
 * One class of a module, rewritten: its methods take a {@link LinearMemory} where they took any {@link Memory}, and load
 * from and store to it by static calls. The JVM's compiler believes a parameter that is of a final class, and then
 * needs neither a look at what it is given nor a call. The check for interruption, which Chicory emits at every call and
 * at every end of a loop, becomes {@link Interruption}'s.
 */
final class GuestClass implements ClassTransform {
    private static final ClassDesc MEMORY = Memory.class.describeConstable().orElseThrow();
    private static final ClassDesc LINEAR =
            LinearMemory.class.describeConstable().orElseThrow();
    private static final ClassDesc INSTANCE = Instance.class.describeConstable().orElseThrow();
    private static final ClassDesc INTERPRETER =
            CompilerInterpreterMachine.class.describeConstable().orElseThrow();
    private static final ClassDesc LARGE_FUNCTIONS =
            LargeFunctions.class.describeConstable().orElseThrow();
    private static final String CHECK = "checkInterruption";
    private static final DynamicCallSiteDesc INTERRUPTION = DynamicCallSiteDesc.of(
            ConstantDescs.ofCallsiteBootstrap(
                    Interruption.class.describeConstable().orElseThrow(), "link", ConstantDescs.CD_CallSite),
            CHECK,
            ConstantDescs.MTD_void);
    /** The package that all classes of the module are in. */
    private final String generated;

    GuestClass(String generated) {
        this.generated = generated;
    }

    @Override
    public void accept(ClassBuilder builder, ClassElement element) {
        if (!(element instanceof MethodModel method)) {
            builder.with(element);
            return;
        }
        var type = linear(method.methodTypeSymbol());
        if (method.methodName().equalsString(CHECK)) {
            builder.withMethodBody(
                    CHECK,
                    type,
                    method.flags().flagsMask(),
                    code -> code.invokedynamic(INTERRUPTION).return_());
            return;
        }
        builder.withMethod(
                method.methodName().stringValue(), type, method.flags().flagsMask(), built -> {
                    for (var part : method) {
                        if (part instanceof CodeModel code) {
                            built.transformCode(code, this::rewrite);
                        } else {
                            built.with(part);
                        }
                    }
                });
    }

    private void rewrite(CodeBuilder builder, CodeElement element) {
        if (element instanceof NewObjectInstruction made
                && made.className().asSymbol().equals(INTERPRETER)) {
            builder.new_(LARGE_FUNCTIONS);
            return;
        }
        if (!(element instanceof InvokeInstruction call)) {
            builder.with(element);
            return;
        }
        var owner = call.owner().asSymbol();
        var name = call.name().stringValue();
        var type = linear(call.typeSymbol());
        if (name.startsWith("memoryRead") || name.startsWith("memoryWrite")) {
            builder.invokestatic(LINEAR, name, type);
        } else if (owner.equals(INTERPRETER) && name.equals(ConstantDescs.INIT_NAME)) {
            builder.invokespecial(LARGE_FUNCTIONS, name, type);
        } else if (owner.packageName().equals(generated)) {
            builder.invoke(call.opcode(), owner, name, type, call.isInterface());
        } else {
            builder.with(element);
            if (owner.equals(INSTANCE) && call.typeSymbol().returnType().equals(MEMORY)) {
                builder.checkcast(LINEAR);
            }
        }
    }

    private static MethodTypeDesc linear(MethodTypeDesc type) {
        var changed = type;
        for (int i = 0; i < type.parameterCount(); i++) {
            if (type.parameterType(i).equals(MEMORY)) {
                changed = changed.changeParameterType(i, LINEAR);
            }
        }
        return changed;
    }
}
