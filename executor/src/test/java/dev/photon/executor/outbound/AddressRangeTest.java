package dev.photon.executor.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {

    @Test
    void anAddressAloneIsARangeOfOne() {
        var range = AddressRange.parse("10.0.0.1");

        assertThat(range).isEqualTo(AddressRange.parse("10.0.0.1/32"));
        assertThat(range.contains(InetAddress.ofLiteral("10.0.0.1"))).isTrue();
        assertThat(range.contains(InetAddress.ofLiteral("10.0.0.0"))).isFalse();
    }

    @Test
    void allAddressesOfOneKindAreARange() {
        assertThat(AddressRange.parse("0.0.0.0/0").contains(InetAddress.ofLiteral("8.8.8.8")))
                .isTrue();
        assertThat(AddressRange.parse("0.0.0.0/0").contains(InetAddress.ofLiteral("::1")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/33",
                "10.0.0.1/8",
                "10.0.0.0/-1",
                "10.0.0.0/x",
                "10.0.0.0/",
                "10.0/16",
                "127.1",
                "localhost",
                "fe80::1%lo",
                "::/129",
                "::ffff:10.0.0.1/128",
                "::1/64",
                ""
            })
    void refusesWhatIsNoRange(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> AddressRange.parse(text));
    }
}
