package dev.photon.executor.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DnsResolverTest {
    private final TestingNameServer server;
    private final DnsResolver resolver;

    DnsResolverTest() throws IOException {
        server = new TestingNameServer("93.184.215.14");
        resolver = new DnsResolver(new SingletonDnsServerAddressStreamProvider(server.at()));
    }

    @AfterEach
    void close() {
        resolver.close();
        server.close();
    }

    private List<InetAddress> resolve(String name) {
        return resolver.resolve(name).toCompletableFuture().join();
    }

    @Test
    void findsTheAddressesOfAName() {
        assertThat(resolve("good.example"))
                .extracting(InetAddress::getHostAddress)
                .containsExactly("93.184.215.14");
    }

    @Test
    void asksOnceWithinSeconds() {
        resolve("good.example");
        var asked = server.questions.get();

        resolve("good.example");

        assertThat(server.questions).hasValue(asked);
    }

    @Test
    void readsTheHostsFile() {
        assertThat(resolve("localhost")).allMatch(InetAddress::isLoopbackAddress);
        assertThat(server.questions).hasValue(0);
    }

    /** Who knows neither port nor number of a question cannot answer it in the server's place. */
    @Test
    void asksFromEverChangingPorts() {
        for (int i = 0; i < 10; i++) {
            resolve("h%d.example".formatted(i));
        }

        assertThat(server.ports).hasSizeGreaterThan(5);
    }

    /** More than there would be threads to wait on, and not more than its socket holds: questions come by UDP. */
    @Test
    void aNameServerThatIsSilentDelaysNobodyElse() {
        var dead = IntStream.range(0, 100)
                .mapToObj(i -> resolver.resolve("dead.h%d.example".formatted(i)).toCompletableFuture())
                .toList();

        assertThat(resolve("good.example")).hasSize(1);
        assertThat(dead).noneMatch(lookup -> lookup.isDone() && !lookup.isCompletedExceptionally());
    }

    /** Each question has a port of its own, so what is given up must not stay open. */
    @Test
    void aLookupThatIsCancelledGivesItsPortBack() {
        for (int i = 0; i < 20_000; i++) {
            resolver.resolve("dead.h%d.example".formatted(i)).cancel(false);
        }

        assertThat(resolve("good.example")).hasSize(1);
    }
}
