package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.Digest;
import dev.photon.protocol.EntryRule;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class StateKeysTest {
    private static final Digest DIGEST = Digest.of(new byte[] {1});

    private static final Set<Class<?>> FOR_ALL = Set.of(
            State.Version.class,
            State.NoVersion.class,
            State.Aliased.class,
            State.NoAlias.class,
            State.Past.class,
            State.Key.class,
            State.NoKey.class,
            State.Wished.class);

    @Test
    void aKeyTellsWhoseAStateIs() {
        var artifact = new Artifact(DIGEST, 3, new Manifest.Chunks(0, 0, 0, 1));
        var all = List.<State>of(
                new State.Version(Generated.manifest("f", "1.0.0", DIGEST)),
                new State.NoVersion("f", "1.0.0"),
                new State.Aliased(new Alias("f", "live", List.of(new Alias.Target("1.0.0", 1)))),
                new State.NoAlias("f", "live"),
                new State.Past(History.none("f")),
                new State.Key(new ApiKey("id", "", Set.of(KeyRole.values()), DIGEST, 0)),
                new State.NoKey("id"),
                new State.Wished(new RegionState("us", true, "ada", 0)),
                new State.Placed(artifact),
                new State.NoPlaced(DIGEST),
                new State.Condemnation(new Condemned(DIGEST, 0, 1, 0)),
                new State.NoCondemnation(DIGEST),
                new State.Sealed(new Secret("s", new byte[] {1}, 0)),
                new State.NoSecret("s"),
                new State.Triggered(new TriggerPosition("f", "orders", 1, List.of(), false)),
                new State.NoTrigger("f", "orders"),
                new State.Entry(new EntryTopic("shop", 1, List.of(), EntryRule.OPEN, Optional.empty())),
                new State.NoEntry("shop"),
                new State.Copied(new Checkpoint("id", 1, 1)));

        assertThat(kinds(all)).containsExactlyInAnyOrder(State.class.getPermittedSubclasses());
        assertThat(all).allSatisfy(state -> assertThat(state.isForAll()).isEqualTo(FOR_ALL.contains(state.getClass())));
    }

    @Property
    void whateverAStateIsAboutItsKindAloneTellsWhoseItIs(@ForAll("states") State state) {
        assertThat(state.isForAll()).isEqualTo(FOR_ALL.contains(state.getClass()));
    }

    @Provide
    Arbitrary<State> states() {
        return Generated.states();
    }

    @Test
    void whatIsErasedIsWhoseItWas() {
        assertThat(new State.Erased("version/f/1.0.0").isForAll()).isTrue();
        assertThat(new State.Erased("secret/s").isForAll()).isFalse();
    }

    @Test
    void whatIsNoKeyIsNobodys() {
        assertThat(List.of(
                        "",
                        "/",
                        "version",
                        "version/f",
                        "version/f/1.0.0/",
                        "alias/f",
                        "history/f/x",
                        "odd/f",
                        "Key/f"))
                .allSatisfy(key -> assertThat(isForAll(key)).isFalse());
        assertThat(StateKeys.isForAll(null)).isFalse();
        assertThat(StateKeys.isAboutContent(null)).isFalse();
    }

    /** With that of what is erased, which has the key of another. */
    private static List<Class<?>> kinds(List<State> states) {
        return Stream.concat(states.stream().map(Object::getClass), Stream.of(State.Erased.class))
                .<Class<?>>map(kind -> kind)
                .toList();
    }

    private static boolean isForAll(String key) {
        return StateKeys.isForAll(key.getBytes(UTF_8));
    }
}
