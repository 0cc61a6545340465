package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.TableInstance;
import com.dylibso.chicory.wasm.types.Table;
import com.dylibso.chicory.wasm.types.TableLimits;
import dev.photon.executor.outbound.Room;
import dev.photon.registry.GuestModule;

/** The tables of one instance, which together have so many elements at most. Confined to the guest's thread. */
final class Tables {
    /** A number and a reference, of which the JVM may make eight bytes. */
    static final long ELEMENT_BYTES = 12;

    private final Room room;
    private int left = GuestModule.MAX_TABLE_ELEMENTS;

    /**
     * @param room for the elements that tables grow by
     */
    Tables(Room room) {
        this.room = room;
    }

    /** With limits of its own: those of the module are shared, and Chicory changes them when a table grows. */
    TableInstance make(Table declared, int initialValue) {
        var limits = declared.limits();
        left -= (int) limits.min();
        var most = Math.max(limits.min(), Math.min(limits.max(), GuestModule.MAX_TABLE_ELEMENTS));
        return new Bounded(
                new Table(declared.elementType(), new TableLimits(limits.min(), most), declared.initialize()),
                initialValue);
    }

    private final class Bounded extends TableInstance {
        Bounded(Table table, int initialValue) {
            super(table, initialValue);
        }

        @Override
        public int grow(int size, int value, Instance instance) {
            var fits = size >= 0 && size <= left && size <= limits().max() - size();
            if (!fits || (size > 0 && !room.take(ELEMENT_BYTES * size))) {
                return -1;
            }
            left -= size;
            return super.grow(size, value, instance);
        }
    }
}
