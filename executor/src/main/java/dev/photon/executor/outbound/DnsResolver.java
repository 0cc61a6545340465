package dev.photon.executor.outbound;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Netty's resolver, with the host's name servers and hosts file, on a thread of its own. It does not block a thread for
 * each name, as the JDK's would, so a hostile name server that never answers delays nobody but its callers. Answers are
 * kept for a few seconds, whatever their lifetime, and a bounded number of them, whatever guests ask for.
 */
final class DnsResolver implements Resolver {
    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int MOST_KEPT = 1_024;
    private static final long QUERY_MILLIS = 2_000;
    /** Of one name: aliases are followed by questions of their own. */
    private static final int MOST_QUERIES = 8;

    private final MultiThreadIoEventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("photon-dns", true), NioIoHandler.newFactory());
    private final DnsNameResolver names;
    private final Kept kept = new Kept();

    /** Asks the host's name servers. */
    DnsResolver() {
        this(DnsServerAddressStreamProviders.platformDefault());
    }

    DnsResolver(DnsServerAddressStreamProvider servers) {
        names = new DnsNameResolverBuilder(loop.next())
                .nameServerProvider(servers)
                .datagramChannelType(NioDatagramChannel.class)
                .socketChannelType(NioSocketChannel.class)
                // A new port for each question makes forged answers hard to place (RFC 5452, section 9.2).
                .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                .searchDomains(List.of())
                .queryTimeoutMillis(QUERY_MILLIS)
                .maxQueriesPerResolve(MOST_QUERIES)
                .resolveCache(NoopDnsCache.INSTANCE)
                .cnameCache(NoopDnsCnameCache.INSTANCE)
                .build();
    }

    @Override
    public CompletableFuture<List<InetAddress>> resolve(String name) {
        return kept.find(name).map(CompletableFuture::completedFuture).orElseGet(() -> ask(name));
    }

    private CompletableFuture<List<InetAddress>> ask(String name) {
        var asked = new CompletableFuture<List<InetAddress>>();
        loop.execute(() -> {
            if (!asked.isDone()) {
                ask(name, asked);
            }
        });
        return asked;
    }

    /** On the loop's thread, so that a cancellation finds the lookup's port bound; before, Netty would log its trace. */
    private void ask(String name, CompletableFuture<List<InetAddress>> asked) {
        var lookup = names.resolveAll(name);
        lookup.addListener(answer -> {
            if (answer.isSuccess()) {
                @SuppressWarnings("unchecked") // The listener's type says less than the future's.
                var addresses = List.copyOf((List<InetAddress>) answer.getNow());
                kept.add(name, addresses);
                asked.complete(addresses);
            } else {
                asked.completeExceptionally(answer.cause());
            }
        });
        asked.whenComplete((addresses, failure) -> {
            if (asked.isCancelled()) {
                loop.execute(() -> lookup.cancel(false));
            }
        });
    }

    @Override
    public void close() {
        names.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private record Answer(List<InetAddress> addresses, long at) {}

    /** The last answers, the oldest first. */
    private static final class Kept {
        private final LinkedHashMap<String, Answer> answers = new LinkedHashMap<>();

        synchronized Optional<List<InetAddress>> find(String name) {
            return Optional.ofNullable(answers.get(name))
                    .filter(answer -> System.nanoTime() - answer.at() < KEPT_NANOS)
                    .map(Answer::addresses);
        }

        synchronized void add(String name, List<InetAddress> addresses) {
            answers.remove(name);
            answers.put(name, new Answer(addresses, System.nanoTime()));
            if (answers.size() > MOST_KEPT) {
                answers.pollFirstEntry();
            }
        }
    }
}
