package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.ConstantEvaluators;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.runtime.TrapException;
import com.dylibso.chicory.wasm.UninstantiableException;
import com.dylibso.chicory.wasm.types.ActiveDataSegment;
import com.dylibso.chicory.wasm.types.DataSegment;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import com.dylibso.chicory.wasm.types.PassiveDataSegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * A linear memory in one array, which may be longer than the memory is, so that growing by single pages does not copy
 * each time. Public because the compiled code of guests, which has a class loader and a package of its own, calls its
 * static methods. Confined to the guest's thread; not for shared memories.
 *
 * <p>An access outside of the memory is an {@link IndexOutOfBoundsException}. Addresses are unsigned: a negative one lies
 * behind the last page there can be.
 */
public final class LinearMemory implements Memory, AutoCloseable {
    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);
    private static final VarHandle FLOAT = view(float[].class);
    private static final VarHandle DOUBLE = view(double[].class);

    private static final MemoryBlock NOTHING = MemoryBlock.of(0);

    private final MemoryLimits limits;
    private final MemoryPool pool;
    /** Made when it is asked for: few have a use for it. */
    private HostShare beside;

    private MemoryImage start = MemoryImage.NOTHING;
    private DataSegment[] segments = {};
    private MemoryBlock block;
    // What is in the block, and the bytes there are of it: one load less at each access.
    private byte[] bytes;
    private byte[] written;
    private int size;

    /** One that is in no budget. */
    LinearMemory(MemoryLimits limits) {
        this(limits, new MemoryPool(Long.MAX_VALUE), MemoryBlock.of(limits.initialPages()));
    }

    /**
     * @param pool gets the block back
     * @param block zeros, with room for the initial pages
     */
    LinearMemory(MemoryLimits limits, MemoryPool pool, MemoryBlock block) {
        this.limits = limits;
        this.pool = pool;
        hold(block, limits.initialPages());
    }

    /** Gives back what it holds. From here on it has no pages. */
    @Override
    public void close() {
        var held = block;
        hold(NOTHING, 0);
        if (held.pages() > 0) {
            pool.give(held);
        }
        if (beside != null) {
            beside.close();
        }
    }

    /** What its instance takes beside it, as long as it does. */
    HostShare beside() {
        if (beside == null) {
            beside = new HostShare(pool);
        }
        return beside;
    }

    /** Lets the instance that gets this memory begin with an image in place of its data segments. */
    LinearMemory startingFrom(MemoryImage image) {
        start = image;
        return this;
    }

    /**
     * All zeros, and as large as it was: for one more instance, after the one that had it. What that made it grow by is
     * given back.
     *
     * @throws MemoryFull when the heap has no room for less than it had; it has no pages then
     */
    void startOver() {
        var pages = limits.initialPages();
        var before = block.pages();
        if (before > MemoryBlock.capacity(Math.max(1, pages))) {
            // Let go first: the budget has one of them, not both.
            hold(NOTHING, 0);
            hold(pool.exchange(before, pages), pages);
        } else {
            block.scrub();
            hold(block, pages);
        }
    }

    /** Bytes that an image would take. */
    long imageBytes() {
        return MemoryImage.bytes(block, pages(), start);
    }

    /** What it holds now. */
    MemoryImage image() {
        return MemoryImage.of(block, pages(), start);
    }

    private void hold(MemoryBlock held, int pages) {
        block = held;
        bytes = held.bytes();
        written = held.written();
        size = pages * PAGE_SIZE;
    }

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }

    /** Where a load or store happens. The sum is not taken of a negative base: it could come out as a valid address. */
    private int index(int base, int offset, int width) {
        return Objects.checkIndex(base < 0 ? base : base + offset, size - (width - 1));
    }

    /** A store that goes beyond its card ends in the first bytes of the next: scrubbing knows that. */
    private void mark(int index) {
        written[index >>> MemoryBlock.CARD_SHIFT] = 1;
    }

    private void mark(int from, int length) {
        block.mark(from, length);
    }

    // Called by compiled guests in place of methods of Chicory, which have these names.

    public static byte memoryReadByte(int base, int offset, LinearMemory memory) {
        return memory.bytes[memory.index(base, offset, 1)];
    }

    public static short memoryReadShort(int base, int offset, LinearMemory memory) {
        return (short) SHORT.get(memory.bytes, memory.index(base, offset, 2));
    }

    public static int memoryReadInt(int base, int offset, LinearMemory memory) {
        return (int) INT.get(memory.bytes, memory.index(base, offset, 4));
    }

    public static long memoryReadLong(int base, int offset, LinearMemory memory) {
        return (long) LONG.get(memory.bytes, memory.index(base, offset, 8));
    }

    public static float memoryReadFloat(int base, int offset, LinearMemory memory) {
        return (float) FLOAT.get(memory.bytes, memory.index(base, offset, 4));
    }

    public static double memoryReadDouble(int base, int offset, LinearMemory memory) {
        return (double) DOUBLE.get(memory.bytes, memory.index(base, offset, 8));
    }

    public static void memoryWriteByte(int base, byte value, int offset, LinearMemory memory) {
        var index = memory.index(base, offset, 1);
        memory.bytes[index] = value;
        memory.mark(index);
    }

    public static void memoryWriteShort(int base, short value, int offset, LinearMemory memory) {
        var index = memory.index(base, offset, 2);
        SHORT.set(memory.bytes, index, value);
        memory.mark(index);
    }

    public static void memoryWriteInt(int base, int value, int offset, LinearMemory memory) {
        var index = memory.index(base, offset, 4);
        INT.set(memory.bytes, index, value);
        memory.mark(index);
    }

    public static void memoryWriteLong(int base, long value, int offset, LinearMemory memory) {
        var index = memory.index(base, offset, 8);
        LONG.set(memory.bytes, index, value);
        memory.mark(index);
    }

    public static void memoryWriteFloat(int base, float value, int offset, LinearMemory memory) {
        var index = memory.index(base, offset, 4);
        FLOAT.set(memory.bytes, index, value);
        memory.mark(index);
    }

    public static void memoryWriteDouble(int base, double value, int offset, LinearMemory memory) {
        var index = memory.index(base, offset, 8);
        DOUBLE.set(memory.bytes, index, value);
        memory.mark(index);
    }

    @Override
    public int pages() {
        return size / PAGE_SIZE;
    }

    @Override
    public int grow(int pages) {
        var before = pages();
        if (pages < 0 || pages > maximumPages() - before) {
            return -1;
        }
        var after = before + pages;
        if ((long) after * PAGE_SIZE <= bytes.length) {
            size = after * PAGE_SIZE;
            return before;
        }
        StackRoom.require();
        var larger = pool.take(after, block.pages());
        if (larger.isEmpty()) {
            return -1;
        }
        var smaller = block;
        larger.get().copyOf(smaller, size);
        hold(larger.get(), after);
        pool.give(smaller);
        return before;
    }

    @Override
    public int initialPages() {
        return limits.initialPages();
    }

    @Override
    public int maximumPages() {
        return Math.min(limits.maximumPages(), RUNTIME_MAX_PAGES);
    }

    @Override
    public boolean shared() {
        return false;
    }

    @Override
    public void initialize(Instance instance, DataSegment[] dataSegments) {
        segments = dataSegments;
        if (start != MemoryImage.NOTHING) {
            start.copyTo(block);
            return;
        }
        for (var segment : dataSegments) {
            if (segment instanceof ActiveDataSegment active) {
                var offset = (int) ConstantEvaluators.computeConstantValue(instance, active.offsetInstructions())[0];
                if (!isWithin(offset, active.data().length)) {
                    throw new UninstantiableException("a data segment lies outside of the memory");
                }
                write(offset, active.data());
            }
        }
    }

    @Override
    public void initPassiveSegment(int segmentId, int dest, int offset, int size) {
        write(dest, segments[segmentId].data(), offset, size);
    }

    @Override
    public void drop(int segment) {
        segments[segment] = PassiveDataSegment.EMPTY;
    }

    private boolean isWithin(int address, int length) {
        return length >= 0 && Integer.toUnsignedLong(address) + length <= size;
    }

    private void check(int address, int length) {
        if (!isWithin(address, length)) {
            throw new IndexOutOfBoundsException();
        }
    }

    @Override
    public byte read(int addr) {
        return memoryReadByte(addr, 0, this);
    }

    @Override
    public void writeByte(int addr, byte data) {
        memoryWriteByte(addr, data, 0, this);
    }

    @Override
    public short readShort(int addr) {
        return memoryReadShort(addr, 0, this);
    }

    @Override
    public void writeShort(int addr, short data) {
        memoryWriteShort(addr, data, 0, this);
    }

    @Override
    public int readInt(int addr) {
        return memoryReadInt(addr, 0, this);
    }

    @Override
    public void writeI32(int addr, int data) {
        memoryWriteInt(addr, data, 0, this);
    }

    @Override
    public long readLong(int addr) {
        return memoryReadLong(addr, 0, this);
    }

    @Override
    public void writeLong(int addr, long data) {
        memoryWriteLong(addr, data, 0, this);
    }

    @Override
    public long readU16(int addr) {
        return readShort(addr) & 0xFFFFL;
    }

    @Override
    public void writeF32(int addr, float data) {
        memoryWriteFloat(addr, data, 0, this);
    }

    @Override
    public long readF32(int addr) {
        return readInt(addr);
    }

    @Override
    public float readFloat(int addr) {
        return memoryReadFloat(addr, 0, this);
    }

    @Override
    public void writeF64(int addr, double data) {
        memoryWriteDouble(addr, data, 0, this);
    }

    @Override
    public double readDouble(int addr) {
        return memoryReadDouble(addr, 0, this);
    }

    @Override
    public long readF64(int addr) {
        return readLong(addr);
    }

    @Override
    public byte[] readBytes(int addr, int len) {
        var copy = new byte[isWithin(addr, len) ? len : 0];
        read(addr, copy, 0, len);
        return copy;
    }

    /** Copies out of the memory, without an array in between. */
    void read(int address, byte[] target, int offset, int length) {
        check(address, length);
        System.arraycopy(bytes, address, target, offset, length);
    }

    @Override
    public void write(int addr, byte[] data, int offset, int length) {
        check(addr, length);
        System.arraycopy(data, offset, bytes, addr, length);
        mark(addr, length);
    }

    @Override
    public void zero() {
        block.scrub();
    }

    @Override
    public void fill(byte value, int fromIndex, int toIndex) {
        check(fromIndex, toIndex - fromIndex);
        Arrays.fill(bytes, fromIndex, toIndex, value);
        mark(fromIndex, toIndex - fromIndex);
    }

    @Override
    public void copy(int dest, int src, int length) {
        check(dest, length);
        check(src, length);
        System.arraycopy(bytes, src, bytes, dest, length);
        mark(dest, length);
    }

    @Override
    @SuppressWarnings("removal")
    public Object lock(int address) {
        return this;
    }

    @Override
    @SuppressWarnings("removal")
    public int waitOn(int address, int expected, long timeout) {
        throw new TrapException("expected shared memory");
    }

    @Override
    @SuppressWarnings("removal")
    public int waitOn(int address, long expected, long timeout) {
        throw new TrapException("expected shared memory");
    }

    @Override
    @SuppressWarnings("removal")
    public int notify(int address, int maxThreads) {
        return 0;
    }
}
