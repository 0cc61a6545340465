package dev.photon.executor.wasm;

import static dev.photon.executor.wasm.TestingGuests.body;
import static dev.photon.executor.wasm.TestingGuests.limits;
import static dev.photon.executor.wasm.TestingGuests.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.Invocation;
import dev.photon.protocol.Reply;
import dev.photon.registry.InvalidModule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests that plant a secret wherever they can, and others that search for it wherever they can. */
class SecretSearchTest {
    private static final long MEMORY = 256 << 20;
    private static final int PAGES = 100;
    private static final RunLimits LIMITS = limits(10_000, PAGES, 1_000);

    /** The interpreter looks at some 2 MB in a second. */
    private static final RunLimits INTERPRETED_LIMITS = limits(10_000, 10, 1_000);

    /** What {@code vault.c} plants and searches for. */
    private static final String SECRET = "photon-secret-71";

    private static final String PLANTER = """
        globalThis.kept = "photon-secret-71";
        export default { async fetch(request, env) {
          const all = [];
          for (let i = 0; i < 30; i++) {
            all.push(new TextEncoder().encode(env.SECRET.repeat(3_000)), env.SECRET.repeat(3_000) + i);
          }
          return new Response("planted " + all.length);
        } };
        """;

    private final MemoryPool memories = new MemoryPool(MEMORY);
    private final TestingGuests guests = new TestingGuests(memories);

    @AfterEach
    void close() {
        guests.close();
    }

    private LoadedFunction load(String guest, boolean compiled) throws InvalidModule {
        return compiled ? guests.compile(guest) : guests.interpret(TestingGuests.bytes(guest));
    }

    private String plant(LoadedFunction function) {
        return plant(function, LIMITS);
    }

    private String plant(LoadedFunction function, RunLimits limits) {
        var head = new Invocation.HttpHead("POST", "/", "", List.of());
        var env = Map.of("SECRET", SECRET);
        var request = new GuestRequest(head, "plant".getBytes(UTF_8), env, "name", "1.2.3", "id-1", false);
        return body(guests.run(function, request, limits, GuestLog.NONE).join());
    }

    private String search(LoadedFunction function, RunLimits limits) {
        return body(
                guests.run(function, request("search"), limits, GuestLog.NONE).join());
    }

    /** All of the memory, {@code /tmp} and the environment, of the same function and of another. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void findsNoSecretOfAnotherRun(boolean compiled) throws Exception {
        var limits = compiled ? LIMITS : INTERPRETED_LIMITS;
        var planter = load("vault", compiled);
        var other = load("vault", compiled);

        for (int i = 0; i < 2; i++) {
            assertThat(plant(planter, limits)).isEqualTo("planted\n");
            assertThat(search(planter, limits)).isEqualTo("found 0\n");
            assertThat(search(other, limits)).isEqualTo("found 0\n");
        }
    }

    @Test
    void findsNoSecretOfAScript() throws Exception {
        var planter = guests.script(PLANTER);
        var searcher = guests.compile("vault");

        for (int i = 0; i < 3; i++) {
            assertThat(plant(planter)).isEqualTo("planted 60");
            assertThat(search(searcher, LIMITS)).isEqualTo("found 0\n");
        }
    }

    /** A handler's instance finds what it kept itself, so the searcher can find. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void handlersOfOneModuleFindNothingOfEachOther(boolean compiled) throws Exception {
        var handler = load("handler-vault", compiled);

        assertThat(found(handler, "a", "plant")).isZero();
        assertThat(found(handler, "b", "search")).isZero();
        assertThat(found(handler, "a", "search")).isGreaterThan(1_000);
        handler.rest();
        // They get the memory that the two before had.
        var next = load("handler-vault", compiled);
        assertThat(found(next, "c", "search")).isZero();
        assertThat(found(next, "d", "search")).isZero();
    }

    private int found(LoadedFunction handler, String function, String order) {
        var head = new Invocation.HttpHead("POST", "/", "", List.of());
        var request = new GuestRequest(head, order.getBytes(UTF_8), Map.of(), function, "1.0.0", "id", true);
        var outcome = guests.run(handler, request, LIMITS, GuestLog.NONE).join();
        assertThat(outcome).isInstanceOf(Reply.Answer.class);
        return ByteBuffer.wrap(((Reply.Answer) outcome).body())
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
    }

    /** Whatever a guest could do to look at it. */
    @Test
    void leavesNothingInTheMemoryThatTheNextGuestGets() throws Exception {
        var handler = guests.compile("handler-vault");
        plant(guests.compile("vault"));
        plant(guests.script(PLANTER));
        found(handler, "a", "plant");
        handler.rest();

        var blocks = idleBlocks();

        assertThat(blocks).isNotEmpty().allSatisfy(block -> {
            assertThat(block.bytes()).containsOnly(0);
            assertThat(block.written()).containsOnly(0);
        });
    }

    /** What the pool gives without making it. */
    private List<MemoryBlock> idleBlocks() {
        var idle = new ArrayList<MemoryBlock>();
        for (int pages = 1; pages <= MemoryBlock.capacity(PAGES); pages = MemoryBlock.capacity(pages) + 1) {
            while (true) {
                var before = memories.freeBytes();
                var block = memories.take(pages, 0).orElseThrow();
                if (memories.freeBytes() < before) {
                    break;
                }
                idle.add(block);
            }
        }
        return idle;
    }
}
