package dev.photon.executor;

import dev.photon.protocol.Reply;
import java.nio.file.Files;
import java.nio.file.Path;

/** Deploys, calls and deletes versions of a function, one after the other, in a JVM of its own. */
final class ManyVersions {
    private ManyVersions() {}

    public static void main(String[] arguments) throws Exception {
        var versions = Integer.parseInt(arguments[1]);
        var wasm = Files.readAllBytes(Path.of(System.getProperty("photon.root"), "examples/wordcount/wordcount.wasm"));
        try (var tester = new TestingCache(Path.of(arguments[0]))) {
            var cache = tester.cache();
            for (int i = 0; i < versions; i++) {
                var version = tester.deploy(TestingCache.marked(wasm, i));
                cache.deployed(version);
                tester.ahead().runAll();
                if (!(TestingCache.run(cache.load(version).compiled().join()) instanceof Reply.Answer)) {
                    throw new IllegalStateException("version " + i + " did not answer");
                }
                cache.unnamed(version.digest());
            }
        }
        System.out.println("answered by " + versions);
    }
}
