package dev.photon.executor.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
    private final AddressRules rules = rules();

    private static AddressRules rules(String... allowed) {
        return new AddressRules(Stream.of(allowed).map(AddressRange::parse).toList());
    }

    private static InetAddress address(byte... bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.167.255.255",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2606:4700::1111",
                "2001:4860:4860::8888",
                "64:ff9b::1.1.1.1"
            })
    void permitsThePublicInternet(String text) {
        assertThat(rules.permit(InetAddress.ofLiteral(text))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.255.255.255",
                "10.0.0.0",
                "10.255.255.255",
                "100.64.0.0",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.255",
                "168.63.129.16",
                "169.254.169.254",
                "172.16.0.0",
                "172.31.255.255",
                "192.0.0.192",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.0",
                "192.168.255.255",
                "198.18.0.0",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.7",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "::ffff:0:7f00:1",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::1",
                "100::1",
                "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                "2001:2::1",
                "2001:db8::1",
                "2002:7f00:1::1",
                "3fff::1",
                "4000::1",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "febf::1",
                "fec0::1",
                "ff02::1"
            })
    void refusesWhatIsNot(String text) {
        assertThat(rules.permit(InetAddress.ofLiteral(text))).isFalse();
    }

    @Test
    void permitsWhatTheOperatorAllows() {
        var rules = rules("10.1.0.0/16", "fd00::/8");

        assertThat(rules.permit(InetAddress.ofLiteral("10.1.2.3"))).isTrue();
        assertThat(rules.permit(InetAddress.ofLiteral("fd12::1"))).isTrue();
        assertThat(rules.permit(InetAddress.ofLiteral("64:ff9b::10.1.2.3"))).isTrue();
        assertThat(rules.permit(InetAddress.ofLiteral("10.2.0.1"))).isFalse();
    }

    @Property
    void whatTheJdkKnowsAsInsideIsRefused(@ForAll @Size(4) byte[] bytes) {
        var address = address(bytes);
        var inside = address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress();

        assertThat(inside && rules.permit(address)).isFalse();
    }

    @Property
    void whatTheJdkKnowsAsInsideIsRefusedInIpv6(@ForAll @Size(16) byte[] bytes) {
        var address = address(bytes);
        var global = (bytes[0] & 0xe0) == 0x20;

        assertThat(!global && rules.permit(address)).isFalse();
    }

    @Property
    void anEmbeddedAddressIsTreatedAsItself(@ForAll @Size(4) byte[] bytes) {
        var embedded = Arrays.copyOf(new byte[] {0, 0x64, (byte) 0xff, (byte) 0x9b}, 16);
        System.arraycopy(bytes, 0, embedded, 12, 4);

        assertThat(rules.permit(address(embedded))).isEqualTo(rules.permit(address(bytes)));
    }

    @Property
    void anAddressThatIsMappedIntoIpv6IsTreatedAsItself(@ForAll @Size(4) byte[] bytes) {
        var mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(bytes, 0, mapped, 12, 4);

        assertThat(rules.permit(address(mapped))).isEqualTo(rules.permit(address(bytes)));
    }

    @Property
    void aRangeHoldsExactlyTheAddressesOfItsPrefix(
            @ForAll("families") int length, @ForAll long seed, @ForAll @IntRange(max = 128) int wanted) {
        var random = new Random(seed);
        var bits = Math.min(wanted, length * 8);
        var host = length * 8 - bits;
        var address = new BigInteger(length * 8, random);
        var first = address.shiftRight(host).shiftLeft(host);
        var other = random.nextBoolean() ? first.add(new BigInteger(host, random)) : new BigInteger(length * 8, random);

        var range = AddressRange.parse(address(bytes(first, length)).getHostAddress() + "/" + bits);

        assertThat(range.contains(address(bytes(other, length))))
                .isEqualTo(other.shiftRight(host).equals(address.shiftRight(host)));
    }

    @Provide
    Arbitrary<Integer> families() {
        return Arbitraries.of(4, 16);
    }

    private static byte[] bytes(BigInteger number, int length) {
        var all = number.or(BigInteger.ONE.shiftLeft(length * 8)).toByteArray();
        return Arrays.copyOfRange(all, all.length - length, all.length);
    }
}
