package dev.photon.registry;

import dev.photon.protocol.Command;
import dev.photon.protocol.Digest;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Mirror;
import dev.photon.protocol.RegionConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides on new versions. Confined to the registry's thread.
 *
 * <pre>
 * command → size → toml → content (inline, or collected and verified), files bundled → known version?
 *                                          same digests: unchanged · other: refused
 *                                          none: module check, chunks (found or written), then the manifest
 * </pre>
 */
final class DeploymentDecider {
    private static final int MAX_VERSIONS = 2_000;

    private final RegistryConfig config;
    private final RegionConfig region;
    private final FunctionView view;
    private final Uploads uploads;
    private final Artifacts artifacts;
    private final TriggerDecider triggers;
    private final AssetBundler bundler;
    private final Histories history;
    private final Clock clock;

    DeploymentDecider(
            RegistryConfig config,
            RegionConfig region,
            FunctionView view,
            Contents contents,
            TriggerDecider triggers,
            Clock clock) {
        this.config = config;
        this.region = region;
        this.view = view;
        this.uploads = contents.uploads();
        this.artifacts = contents.artifacts();
        this.triggers = triggers;
        this.bundler = new AssetBundler(uploads.disk(), config.maxAssetsBytes());
        this.history = new Histories(view, clock);
        this.clock = clock;
    }

    Verdict deploy(Command.Deploy deploy, String by) throws Refused, IOException, InterruptedException {
        var function = FunctionConfig.parse(deploy.toml());
        if (!deploy.name().isEmpty() && !deploy.name().equals(function.name())) {
            throw new Refused("the record's key is '%s' and photoniq.toml says '%s'"
                    .formatted(Refused.shortened(deploy.name()), function.name()));
        }
        if (deploy.module().isEmpty()) {
            return deploy(function, Optional.empty(), deploy.assets(), by);
        }
        switch (deploy.module().get()) {
            case Command.Content.Inline inline -> {
                requireAllowed("module", inline.bytes().length, config.maxArtifactBytes());
                return deploy(function, Optional.of(ByteBuffer.wrap(inline.bytes())), deploy.assets(), by);
            }
            case Command.Content.Uploaded upload -> {
                requireAllowed("module", upload.size(), config.maxArtifactBytes());
                try (var file = uploads.collect(upload)) {
                    return deploy(function, Optional.of(file.content()), deploy.assets(), by);
                }
            }
        }
    }

    private static void requireAllowed(String what, long size, int most) throws Refused {
        if (size > most) {
            throw new Refused(
                    ErrorKind.TOO_LARGE, "the %s has %d bytes and %d are allowed".formatted(what, size, most));
        }
    }

    private Verdict deploy(
            FunctionConfig function, Optional<ByteBuffer> module, Optional<Command.Content.Uploaded> archive, String by)
            throws Refused, IOException, InterruptedException {
        if (archive.isEmpty()) {
            if (function.site()) {
                throw new Refused("photoniq.toml has [static_assets], but no staticAssets came with it");
            }
            return decide(function, module, Optional.empty(), by);
        }
        requireAllowed("archive of static files", archive.get().size(), config.maxAssetsBytes());
        try (var zip = uploads.collect(archive.get())) {
            var bundle = bundler.bundle(zip.content(), versions(function.name()));
            try {
                return decide(function, module, Optional.of(bundle), by);
            } finally {
                Files.deleteIfExists(bundle.file());
            }
        }
    }

    private AssetBundler.Versions versions(String function) {
        return new AssetBundler.Versions() {
            @Override
            public Optional<Assets> version(String version) {
                return here(function, version).flatMap(Manifest::assets);
            }

            @Override
            public Optional<Assets> latest() {
                return view.versions(function).stream()
                        .flatMap(manifest -> here(function, manifest.version()).stream())
                        .filter(manifest -> manifest.assets().isPresent())
                        .max(Comparator.comparingLong(Manifest::deployedAt))
                        .flatMap(Manifest::assets);
            }
        };
    }

    /** Of another, files could not be read. */
    private Optional<Manifest> here(String function, String version) {
        return view.deployed(function, version).filter(Deployed::isHere).map(Deployed::manifest);
    }

    private Verdict decide(
            FunctionConfig function, Optional<ByteBuffer> module, Optional<AssetBundler.Bundle> files, String by)
            throws Refused, IOException, InterruptedException {
        var existing = view.version(function.name(), function.version());
        if (existing.isPresent()) {
            return again(function, existing.get(), module, files);
        }
        if (view.versions(function.name()).size() >= MAX_VERSIONS) {
            throw new Refused("a function has at most " + MAX_VERSIONS + " versions: delete one first");
        }
        var pools = region.plan().pools();
        if (!pools.contains(function.scaling().pool())) {
            throw new Refused("scaling.pool is '%s' and the region has %s"
                    .formatted(Refused.shortened(function.scaling().pool()), String.join(", ", pools)));
        }
        requireCanBePlaced(function.placement());
        for (var secret : function.secrets().values()) {
            if (view.secret(secret).isEmpty()) {
                throw new Refused("env_vars: there is no secret '" + secret + "': set it first");
            }
        }
        var slow =
                module.isPresent() ? check(module.get(), function.lang(), function.limits()) : Optional.<String>empty();
        if (files.isPresent()) {
            requireNamed(files.get().index(), function.assets());
        }
        if (view.wouldBeLatest(function.name(), function.version())) {
            RouteTable.requireFree(view.latest(), function.name(), function.version(), function.routes());
        }
        triggers.requireAllowed(function, module.isPresent());
        EventSettings.requireAllowed(function, region.plan());
        var following = view.wouldBeLatest(function.name(), function.version())
                ? triggers.following(function.name(), function.triggers())
                : List.<State>of();
        var manifest = place(function, module, files);
        var states = new ArrayList<State>(List.of(new State.Version(manifest)));
        states.addAll(following);
        manifest.artifacts()
                .map(Artifact::digest)
                .filter(digest -> view.condemned(digest).isPresent())
                .forEach(digest -> states.add(new State.NoCondemnation(digest)));
        var entry = history.entry(by, History.Action.VERSION_DEPLOYED, function.version(), List.of());
        states.add(history.past(function.name(), List.of(entry)));
        var warning = Stream.of(function.warning().stream(), slow.stream(), TriggerDecider.warnings(following).stream())
                .flatMap(warnings -> warnings)
                .collect(Collectors.joining("; "));
        return new Verdict.Accepted(
                function.name(),
                Optional.of(manifest),
                states,
                Optional.of(warning).filter(text -> !text.isEmpty()));
    }

    private void requireCanBePlaced(Placement placement) throws Refused {
        if (region.mirror() == Mirror.MIRROR_MAKER && !placement.equals(Placement.EVERYWHERE)) {
            throw new Refused(
                    "placement: regions are copied by MirrorMaker 2 here, which brings every function to all of"
                            + " them: leave [placement] out");
        }
        if (!placement.includes(region.name())) {
            throw new Refused(Placement.leavesOut(region.name()));
        }
    }

    /** A deployment of a version that is there. */
    private static Verdict again(
            FunctionConfig function,
            Manifest existing,
            Optional<ByteBuffer> module,
            Optional<AssetBundler.Bundle> files)
            throws Refused {
        var digest = Optional.of(existing.digest()).filter(own -> !existing.filesOnly());
        var same = module.map(Digest::of).equals(digest)
                && files.map(bundle -> bundle.index().tree())
                        .equals(existing.assets().map(Assets::tree));
        if (same && function.describes(existing)) {
            return new Verdict.Accepted(function.name(), Optional.of(existing), List.of(), function.warning());
        }
        throw new Refused(
                ErrorKind.VERSION_EXISTS,
                "version %s of %s exists with other %s: deploy it as a new version"
                        .formatted(function.version(), function.name(), same ? "settings" : "content"));
    }

    private static void requireNamed(AssetIndex files, Assets.Rules rules) throws Refused {
        if (!rules.notFound().isEmpty() && files.file(rules.notFound()).isEmpty()) {
            throw new Refused("static_assets.not_found: there is no file '"
                    + Refused.shortened(rules.notFound().substring(1)) + "'");
        }
        if (rules.spa() && files.file(Assets.INDEX).isEmpty()) {
            throw new Refused("static_assets.spa needs a file 'index.html'");
        }
    }

    /**
     * @return what its author should know
     */
    static Optional<String> check(ByteBuffer artifact, String lang, Manifest.Limits limits) throws Refused {
        try {
            if (Script.is(artifact, lang)) {
                Script.check(artifact);
                return Optional.empty();
            }
            var initial = GuestModule.check(artifact).initialPages();
            if (initial > limits.memoryPages()) {
                throw new Refused(
                        "the module starts with %d pages of memory and its limit is %d: raise resource_settings.mem"
                                .formatted(initial, limits.memoryPages()));
            }
            return LargeFunctions.warning(artifact);
        } catch (InvalidModule e) {
            throw new Refused(e.getMessage());
        }
    }

    private Manifest place(FunctionConfig function, Optional<ByteBuffer> module, Optional<AssetBundler.Bundle> files)
            throws Refused, IOException, InterruptedException {
        var assets = files.isPresent() ? Optional.of(place(files.get(), function.assets())) : Optional.<Assets>empty();
        var content = module.isPresent()
                ? artifacts.place(module.get())
                : assets.orElseThrow().last();
        return new Manifest(
                function.name(),
                function.version(),
                function.description(),
                function.lang(),
                content.digest(),
                content.size(),
                clock.millis(),
                function.env(),
                function.secrets(),
                function.limits(),
                function.outbound(),
                function.reuse(),
                function.scaling(),
                function.placement(),
                function.urlSuffix(),
                function.routes(),
                function.triggers(),
                function.cors(),
                function.auth(),
                function.logs(),
                content.chunks(),
                assets);
    }

    private Assets place(AssetBundler.Bundle bundle, Assets.Rules rules)
            throws Refused, IOException, InterruptedException {
        try (var file = MappedFile.open(bundle.file())) {
            return bundle.placed(artifacts.place(file.content()), rules);
        }
    }
}
