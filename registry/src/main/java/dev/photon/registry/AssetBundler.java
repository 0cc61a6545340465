package dev.photon.registry;

import dev.photon.protocol.Digest;
import dev.photon.protocol.ErrorKind;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Makes a bundle of the files that a deployment brings: each content once, and none that a version before has, then the
 * index of all files. Confined to the registry's thread.
 *
 * <pre>
 * archive + version before ─► content known? its place : appended to the bundle ─► index of all places, appended too
 * </pre>
 */
final class AssetBundler {
    private final ArtifactStore disk;
    private final long maxBytes;

    /**
     * @param maxBytes the most that the files of a version may have together
     */
    AssetBundler(ArtifactStore disk, long maxBytes) {
        this.disk = disk;
        this.maxBytes = maxBytes;
    }

    /**
     * The files of a version, before their new bundle has a place in the log.
     *
     * @param kept the bundles of other versions that have some of them
     * @param file the new bundle, which its receiver deletes
     */
    record Bundle(AssetIndex index, List<Artifact> kept, Path file, int indexBytes) {
        Assets placed(Artifact bundle, Assets.Rules rules) {
            var bundles = new ArrayList<>(kept);
            bundles.add(bundle);
            return new Assets(
                    index.tree(), index.files().size(), index.bytes(), List.copyOf(bundles), indexBytes, rules);
        }
    }

    /** Where versions are found whose files need not come again. */
    interface Versions {
        /** The assets of that version, if it has some. */
        Optional<Assets> version(String version);

        /** Those of the latest that has some. */
        Optional<Assets> latest();
    }

    /**
     * @param archive between the buffer's position and limit
     * @throws Refused when it is not one that can be taken
     */
    Bundle bundle(ByteBuffer archive, Versions versions) throws Refused, IOException {
        try (var zip = AssetZip.open(archive)) {
            var unchanged = zip.unchanged();
            var base = unchanged.isPresent() ? versions.version(unchanged.get().version()) : versions.latest();
            var known = base.isPresent() ? read(base.get()) : AssetIndex.of(Stream.empty());
            var file = disk.partial();
            try {
                try (var writing = new Writing(file, known)) {
                    if (unchanged.isPresent()) {
                        writing.keep(unchanged.get());
                    }
                    for (var path : zip.paths()) {
                        writing.add(path, zip);
                    }
                    return writing.finish(base);
                }
            } catch (IOException | Refused | RuntimeException e) {
                Files.deleteIfExists(file);
                throw e;
            }
        }
    }

    private AssetIndex read(Assets assets) throws IOException {
        return AssetIndex.read(assets, disk.fetch(assets.last()));
    }

    /** A bundle that is being written. */
    private final class Writing implements AutoCloseable {
        /** Of places in the new bundle, until it is known how many others there are. */
        private static final int NEW = Integer.MAX_VALUE;

        private final Path file;
        private final RandomAccessFile bundle;
        private final Map<Digest, AssetFile> places = new HashMap<>();
        private final Map<String, AssetFile> files = new TreeMap<>();
        private long bytes;

        Writing(Path file, AssetIndex known) throws IOException {
            this.file = file;
            this.bundle = new RandomAccessFile(file.toFile(), "rw");
            known.files().forEach(one -> places.put(one.digest(), one));
        }

        void keep(AssetZip.Unchanged unchanged) throws Refused {
            for (var entry : unchanged.files().entrySet()) {
                var place = places.get(entry.getValue());
                if (place == null) {
                    throw new Refused("staticAssets: '%s' is said to be unchanged, but version %s does not have it"
                            .formatted(Refused.shortened(entry.getKey()), Refused.shortened(unchanged.version())));
                }
                put(entry.getKey(), place);
            }
        }

        /** What turns out to be known already is taken out of the bundle again. */
        void add(String path, AssetZip zip) throws Refused, IOException {
            var offset = bundle.length();
            bundle.seek(offset);
            Digest digest;
            try {
                var to = new BufferedOutputStream(Channels.newOutputStream(bundle.getChannel()), 1 << 16);
                digest = zip.copy(path, to, maxBytes - bytes);
                to.flush();
            } catch (IOException e) {
                throw new Refused("staticAssets: '" + Refused.shortened(path) + "' cannot be unpacked");
            }
            var size = bundle.length() - offset;
            var place = places.get(digest);
            if (place != null) {
                bundle.setLength(offset);
            } else {
                place = new AssetFile(path, digest, size, NEW, offset);
                places.put(digest, place);
            }
            put(path, place);
        }

        private void put(String path, AssetFile place) throws Refused {
            bytes += place.size();
            if (bytes > maxBytes) {
                throw new Refused(
                        ErrorKind.TOO_LARGE, "the static files of a version have at most " + maxBytes + " bytes");
            }
            var file = new AssetFile(path, place.digest(), place.size(), place.bundle(), place.offset());
            if (files.put(path, file) != null) {
                throw new Refused("staticAssets: '" + Refused.shortened(path) + "' is there, and said to be unchanged");
            }
            if (files.size() > Assets.MAX_FILES) {
                throw new Refused("a version has at most " + Assets.MAX_FILES + " static files");
            }
        }

        Bundle finish(Optional<Assets> base) throws Refused, IOException {
            if (files.isEmpty()) {
                throw new Refused("staticAssets has no files");
            }
            if (kept(base).size() >= Assets.MAX_BUNDLES) {
                copyAll(base.orElseThrow());
            }
            var kept = kept(base);
            var index = AssetIndex.of(files.values().stream()
                    .map(one -> one.at(
                            one.bundle() == NEW
                                    ? kept.size()
                                    : kept.indexOf(base.orElseThrow().bundles().get(one.bundle())),
                            one.offset())));
            var encoded = index.encode();
            bundle.seek(bundle.length());
            bundle.write(encoded);
            return new Bundle(index, kept, file, encoded.length);
        }

        private List<Artifact> kept(Optional<Assets> base) {
            return files.values().stream()
                    .map(AssetFile::bundle)
                    .filter(number -> number != NEW)
                    .distinct()
                    .sorted()
                    .map(number -> base.orElseThrow().bundles().get(number))
                    .toList();
        }

        private void copyAll(Assets base) throws IOException {
            var site = Site.open(disk, base);
            var copied = new HashMap<Digest, AssetFile>();
            for (var entry : files.entrySet()) {
                var file = entry.getValue();
                if (file.bundle() != NEW) {
                    var known = copied.get(file.digest());
                    entry.setValue(known == null ? copy(site, file) : file.at(NEW, known.offset()));
                    copied.put(file.digest(), entry.getValue());
                }
            }
        }

        private AssetFile copy(Site site, AssetFile file) throws IOException {
            var offset = bundle.length();
            bundle.seek(offset);
            try (var from = FileChannel.open(site.bundle(file))) {
                for (long done = 0; done < file.size(); ) {
                    done += from.transferTo(file.offset() + done, file.size() - done, bundle.getChannel());
                }
            }
            return file.at(NEW, offset);
        }

        @Override
        public void close() throws IOException {
            bundle.close();
        }
    }
}
