package dev.photon.executor.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import dev.photon.executor.outbound.OutboundCalls;
import dev.photon.registry.GuestModule;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class InstancePoolTest {
    private static final HandlerInstance.Owner OWNER = owner("1.0.0");
    private static final int PAGES = 4;

    private final Queue<Runnable> sweeps = new ArrayDeque<>();
    private final MemoryPool memories = new MemoryPool((long) PAGES * Memory.PAGE_SIZE);
    private final InstancePool pool = new InstancePool(memories, sweeps::add);

    private static HandlerInstance.Owner owner(String version) {
        return new HandlerInstance.Owner("name", version, Map.of(), 1);
    }

    private HandlerInstance instance(HandlerInstance.Owner owner) {
        var run = new Run(
                GuestModule.Kind.HANDLER,
                TestingGuests.request(""),
                TestingGuests.LIMITS,
                GuestLog.NONE,
                OutboundCalls.NONE);
        var memory = memories.memory(new MemoryLimits(1, 1), 0);
        return new HandlerInstance(owner, new Guest(run), memory, a -> new long[1], a -> new long[0]);
    }

    private HandlerInstance given(HandlerInstance.Owner owner) {
        var instance = instance(owner);
        pool.give(instance);
        return instance;
    }

    private void sweep() {
        sweeps.remove().run();
    }

    @Test
    void givesTheInstanceThatCameLast() {
        var first = given(OWNER);
        var second = given(OWNER);

        assertThat(pool.take(OWNER)).containsSame(second);
        assertThat(pool.take(OWNER)).containsSame(first);
        assertThat(pool.take(OWNER)).isEmpty();
    }

    @Test
    void givesNobodyTheInstanceOfAnother() {
        var other = given(owner("2.0.0"));
        var own = given(OWNER);
        given(owner("2.0.0"));

        assertThat(pool.take(OWNER)).containsSame(own);
        assertThat(pool.take(OWNER)).isEmpty();
        assertThat(pool.take(owner("2.0.0"))).isPresent();
        assertThat(pool.take(owner("2.0.0"))).containsSame(other);
    }

    @Test
    void givesNobodyTheInstanceOfAnotherFunctionOfTheSameModule() {
        given(new HandlerInstance.Owner("other", "1.0.0", Map.of(), 1));

        assertThat(pool.take(OWNER)).isEmpty();
    }

    @Test
    void dropsWhatIsBeyondTheDemandAndKeepsTheRest() {
        given(OWNER);
        var needed = given(OWNER);
        for (int i = 0; i < 3; i++) {
            pool.give(pool.take(OWNER).orElseThrow());
            sweep();
        }

        assertThat(pool.take(OWNER)).containsSame(needed);
        assertThat(pool.take(OWNER)).isEmpty();
    }

    @Test
    void sweepsOnlyWhileThereIsAnInstance() {
        given(OWNER);
        sweep();

        assertThat(pool.take(OWNER)).isEmpty();
        assertThat(sweeps).isEmpty();
        given(OWNER);
        assertThat(sweeps).hasSize(1);
    }

    @Test
    void keepsAsManyAsItIsTold() {
        pool.keepAtLeast(OWNER, 2);
        for (int i = 0; i < PAGES; i++) {
            given(OWNER);
        }

        sweep();
        sweep();

        assertThat(pool.count(OWNER)).isEqualTo(2);
    }

    @Test
    void forgetsWhatItIsNotToldAgain() {
        pool.keepAtLeast(OWNER, 2);
        given(OWNER);

        for (int i = 0; i < 4 && !sweeps.isEmpty(); i++) {
            sweep();
        }

        assertThat(pool.count(OWNER)).isZero();
    }

    @Test
    void keepsNoneOfAnOwnerWhoseVariablesHaveChanged() {
        var changed = new HandlerInstance.Owner("name", "1.0.0", Map.of("TOKEN", "new"), 1);
        pool.keepAtLeast(OWNER, 1);
        given(OWNER);

        pool.keepAtLeast(changed, 1);
        given(changed);
        sweep();

        assertThat(pool.count(OWNER)).isZero();
        assertThat(pool.count(changed)).isEqualTo(1);
    }

    @Test
    void keepsNothingForAFunctionThatIsUnloaded() {
        pool.keepAtLeast(OWNER, 2);
        given(OWNER);

        pool.dropAll();
        given(OWNER);
        sweep();
        sweep();

        assertThat(pool.count(OWNER)).isZero();
    }

    @Test
    void givesBackTheMemoryOfWhatItDrops() {
        for (int i = 0; i < PAGES; i++) {
            given(OWNER);
        }
        sweep();

        assertThat(memories.memory(new MemoryLimits(PAGES, PAGES), 0).pages()).isEqualTo(PAGES);
    }

    @Test
    void dropsAllWhenMemoryIsShort() {
        for (int i = 0; i < PAGES; i++) {
            given(OWNER);
        }

        var memory = memories.memory(new MemoryLimits(PAGES, PAGES), 0);

        assertThat(memory.pages()).isEqualTo(PAGES);
        assertThat(pool.take(OWNER)).isEmpty();
    }
}
