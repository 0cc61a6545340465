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

/**
 * A linear memory that comes into being in chunks of 4 KiB when they are first touched. Chicory's own memories allocate
 * what the module declares, and clear it once more: for the megabyte that a Rust or C program asks for, of which a
 * request touches a tenth, that is most of the time a small run takes. The price is a test at each access: loops that
 * do nothing but access memory take 10 to 40 % longer. Confined to the guest's thread; not for shared memories.
 *
 * <p>An access outside of the memory is an {@link IndexOutOfBoundsException} of the chunk table: addresses are unsigned,
 * so that a negative one lies behind the last page there can be.
 */
final class LinearMemory implements Memory {
    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);
    private static final int SHIFT = 12;
    private static final int CHUNK = 1 << SHIFT;
    private static final int MASK = CHUNK - 1;
    private static final int CHUNKS_PER_PAGE = PAGE_SIZE / CHUNK;

    private final MemoryLimits limits;
    private DataSegment[] segments = {};
    private byte[][] chunks;

    LinearMemory(MemoryLimits limits) {
        this.limits = limits;
        chunks = new byte[limits.initialPages() * CHUNKS_PER_PAGE][];
    }

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }

    private byte[] chunk(int address) {
        var chunk = chunks[address >>> SHIFT];
        return chunk != null ? chunk : touch(address >>> SHIFT);
    }

    private byte[] touch(int index) {
        var chunk = new byte[CHUNK];
        chunks[index] = chunk;
        return chunk;
    }

    @Override
    public int pages() {
        return chunks.length / CHUNKS_PER_PAGE;
    }

    @Override
    public int grow(int size) {
        var before = pages();
        if (size < 0 || size > maximumPages() - before) {
            return -1;
        }
        chunks = Arrays.copyOf(chunks, (before + size) * CHUNKS_PER_PAGE);
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

    private boolean isWithin(int address, int size) {
        return size >= 0 && Integer.toUnsignedLong(address) + size <= (long) chunks.length << SHIFT;
    }

    private void check(int address, int size) {
        if (!isWithin(address, size)) {
            throw new IndexOutOfBoundsException();
        }
    }

    @Override
    public byte read(int addr) {
        return chunk(addr)[addr & MASK];
    }

    @Override
    public void writeByte(int addr, byte data) {
        chunk(addr)[addr & MASK] = data;
    }

    @Override
    public short readShort(int addr) {
        var offset = addr & MASK;
        return offset <= CHUNK - 2 ? (short) SHORT.get(chunk(addr), offset) : (short) readAcross(addr, 2);
    }

    @Override
    public void writeShort(int addr, short data) {
        var offset = addr & MASK;
        if (offset <= CHUNK - 2) {
            SHORT.set(chunk(addr), offset, data);
        } else {
            writeAcross(addr, 2, data);
        }
    }

    @Override
    public int readInt(int addr) {
        var offset = addr & MASK;
        return offset <= CHUNK - 4 ? (int) INT.get(chunk(addr), offset) : (int) readAcross(addr, 4);
    }

    @Override
    public void writeI32(int addr, int data) {
        var offset = addr & MASK;
        if (offset <= CHUNK - 4) {
            INT.set(chunk(addr), offset, data);
        } else {
            writeAcross(addr, 4, data);
        }
    }

    @Override
    public long readLong(int addr) {
        var offset = addr & MASK;
        return offset <= CHUNK - 8 ? (long) LONG.get(chunk(addr), offset) : readAcross(addr, 8);
    }

    @Override
    public void writeLong(int addr, long data) {
        var offset = addr & MASK;
        if (offset <= CHUNK - 8) {
            LONG.set(chunk(addr), offset, data);
        } else {
            writeAcross(addr, 8, data);
        }
    }

    private long readAcross(int address, int bytes) {
        var value = 0L;
        for (int i = bytes - 1; i >= 0; i--) {
            value = (value << 8) | (read(address + i) & 0xFF);
        }
        return value;
    }

    private void writeAcross(int address, int bytes, long value) {
        check(address, bytes);
        for (int i = 0; i < bytes; i++) {
            writeByte(address + i, (byte) (value >>> (8 * i)));
        }
    }

    @Override
    public long readU16(int addr) {
        return readShort(addr) & 0xFFFFL;
    }

    @Override
    public void writeF32(int addr, float data) {
        writeI32(addr, Float.floatToRawIntBits(data));
    }

    @Override
    public long readF32(int addr) {
        return readInt(addr);
    }

    @Override
    public float readFloat(int addr) {
        return Float.intBitsToFloat(readInt(addr));
    }

    @Override
    public void writeF64(int addr, double data) {
        writeLong(addr, Double.doubleToRawLongBits(data));
    }

    @Override
    public double readDouble(int addr) {
        return Double.longBitsToDouble(readLong(addr));
    }

    @Override
    public long readF64(int addr) {
        return readLong(addr);
    }

    @Override
    public byte[] readBytes(int addr, int len) {
        check(addr, len);
        var bytes = new byte[len];
        read(addr, bytes, 0, len);
        return bytes;
    }

    /** Copies out of the memory, without an array in between. */
    void read(int address, byte[] target, int offset, int size) {
        check(address, size);
        for (int done = 0; done < size; ) {
            var from = address + done;
            var length = Math.min(size - done, CHUNK - (from & MASK));
            System.arraycopy(chunk(from), from & MASK, target, offset + done, length);
            done += length;
        }
    }

    @Override
    public void write(int addr, byte[] data, int offset, int size) {
        check(addr, size);
        for (int done = 0; done < size; ) {
            var to = addr + done;
            var length = Math.min(size - done, CHUNK - (to & MASK));
            System.arraycopy(data, offset + done, chunk(to), to & MASK, length);
            done += length;
        }
    }

    @Override
    public void zero() {
        Arrays.fill(chunks, null);
    }

    @Override
    public void fill(byte value, int fromIndex, int toIndex) {
        check(fromIndex, toIndex - fromIndex);
        for (int at = fromIndex; at < toIndex; ) {
            var end = Math.min(toIndex, (at | MASK) + 1);
            if (value != 0 || chunks[at >>> SHIFT] != null) {
                Arrays.fill(chunk(at), at & MASK, (at & MASK) + end - at, value);
            }
            at = end;
        }
    }

    @Override
    public void copy(int dest, int src, int size) {
        check(dest, size);
        check(src, size);
        if (Integer.compareUnsigned(dest, src) <= 0) {
            for (int done = 0; done < size; ) {
                var length = Math.min(size - done, Math.min(roomAfter(dest + done), roomAfter(src + done)));
                copyWithin(dest + done, src + done, length);
                done += length;
            }
        } else {
            for (int left = size; left > 0; ) {
                var length = Math.min(left, Math.min(roomBefore(dest + left), roomBefore(src + left)));
                left -= length;
                copyWithin(dest + left, src + left, length);
            }
        }
    }

    private static int roomAfter(int address) {
        return CHUNK - (address & MASK);
    }

    private static int roomBefore(int address) {
        return ((address - 1) & MASK) + 1;
    }

    private void copyWithin(int dest, int src, int size) {
        System.arraycopy(chunk(src), src & MASK, chunk(dest), dest & MASK, size);
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
